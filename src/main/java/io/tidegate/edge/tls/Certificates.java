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
 * The certificate of the node: read at the start, where one that cannot be used is a failure, and again whenever its files
 * change, where the one before stays in use instead. Connections that are open keep what they began with. Safe from any
 * thread.
 */
public final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** Streams take one each for as long as they last, and the tabs of a browser share a connection. */
    private static final int STREAMS_OF_A_CONNECTION = 256;

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
                .onSuccess(Certificates::tell)
                .map(certificate -> new Certificates(vertx, options, certificate));
    }

    /** Looks at the files from time to time; what is new is given to the servers. */
    public void watch(Supplier<Future<?>> take) {
        vertx.setPeriodic(LOOK.toMillis(), ignored -> look(take));
    }

    /**
     * Looks at the files now.
     *
     * @return always succeeds, once the servers have what is new
     */
    public Future<Void> look(Supplier<Future<?>> take) {
        return vertx.executeBlocking(this::changed, true)
                .compose(changed -> changed ? take.get().<Void>mapEmpty() : Future.<Void>succeededFuture())
                .onFailure(failure -> LOG.error("event=certificate-not-taken", failure))
                .otherwiseEmpty();
    }

    /** To be used by servers that start, or take it over. */
    public synchronized HttpServerOptions applyTo(HttpServerOptions sockets, ConnectionLimits limits) {
        return sockets.setSsl(true)
                .setKeyCertOptions(current.toOptions())
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setSslHandshakeTimeout(limits.headTime().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(STREAMS_OF_A_CONNECTION)
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
            tell(found);
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

    private static void tell(Certificate certificate) {
        LOG.info("event=certificate-loaded expires={}", certificate.expires());
    }
}
