package io.tidegate.edge.tls;

import io.tidegate.edge.connection.ConnectionLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the certificate of the node: reads it at the start, where an unusable one is a failure, and again when its
 * files change, where an unusable one is logged and the current one stays in use. Open connections keep the certificate
 * that they began with. Thread-safe.
 */
public final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /**
     * The maximum number of HTTP/2 streams of a connection. Each open event stream occupies one, and the tabs of a
     * browser share a connection.
     */
    private static final int MAX_CONCURRENT_STREAMS = 256;

    /**
     * How much a client may send on one stream before the gateway has passed it on: with the 64 KiB of RFC 9113 an upload
     * over a path of 40 ms would have 1.6 MB a second.
     */
    private static final int STREAM_WINDOW = 1 << 20;
    /** The same for a connection. It is larger, so that a few stalled uploads do not stop the others. */
    private static final int CONNECTION_WINDOW = 4 << 20;

    private final Vertx vertx;
    private final TlsOptions options;
    private Certificate current;
    private String refused = "";

    private Certificates(Vertx vertx, TlsOptions options, Certificate current) {
        this.vertx = vertx;
        this.options = options;
        this.current = current;
    }

    /** Reads the files for the first time; fails with a {@link TlsException}. */
    public static Future<Certificates> open(Vertx vertx, TlsOptions options) {
        return vertx.executeBlocking(() -> Certificate.read(vertx, options))
                .onSuccess(Certificates::logLoaded)
                .map(certificate -> new Certificates(vertx, options, certificate));
    }

    /**
     * Checks the files periodically.
     *
     * @param apply makes the servers use a new certificate
     */
    public void watch(Supplier<Future<?>> apply) {
        vertx.setPeriodic(CHECK_INTERVAL.toMillis(), ignored -> reload(apply));
    }

    /**
     * Reads the files now and applies their certificate if it has changed.
     *
     * @param apply makes the servers use a new certificate
     * @return always succeeds, once the servers use the new certificate
     */
    public Future<Void> reload(Supplier<Future<?>> apply) {
        return vertx.executeBlocking(this::changed, true)
                .compose(changed -> changed ? apply.get().<Void>mapEmpty() : Future.<Void>succeededFuture())
                .onFailure(failure -> LOG.error("event=certificate-not-taken", failure))
                .otherwiseEmpty();
    }

    /** Adds TLS with the current certificate to the options of a server that starts or is updated. */
    public synchronized HttpServerOptions applyTo(HttpServerOptions sockets, ConnectionLimits limits) {
        return sockets.setSsl(true)
                .setKeyCertOptions(current.toOptions())
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setSslHandshakeTimeout(limits.headTime().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
                .setInitialSettings(new Http2Settings()
                        .setInitialWindowSize(STREAM_WINDOW)
                        .setMaxConcurrentStreams(MAX_CONCURRENT_STREAMS)
                        .setMaxHeaderListSize(limits.headerBytes()));
    }

    private synchronized boolean changed() {
        try {
            Certificate found = Certificate.read(vertx, options);
            refused = "";
            if (found.equals(current)) {
                return false;
            }
            current = found;
            logLoaded(found);
            return true;
        } catch (TlsException unusable) {
            String reason = String.valueOf(unusable.getMessage());
            if (!reason.equals(refused)) {
                refused = reason;
                LOG.error("event=certificate-refused effect=none reason=\"{}\"", reason);
            }
            return false;
        }
    }

    private static void logLoaded(Certificate certificate) {
        LOG.info("event=certificate-loaded expires={}", certificate.expires());
    }
}
