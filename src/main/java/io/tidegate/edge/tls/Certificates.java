package io.tidegate.edge.tls;

import io.tidegate.edge.connection.ConnectionLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the node's certificate. Reads it at startup, which fails if the certificate is unusable, and again when its
 * files change. If a new certificate is unusable, this is logged and the current one stays in use. Open connections
 * keep their certificate. Thread-safe.
 */
public final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /**
     * The maximum number of HTTP/2 streams per connection. Each open event stream occupies one, and all tabs of a
     * browser share a connection.
     */
    private static final int MAX_CONCURRENT_STREAMS = 256;

    /**
     * The maximum number of bytes that a client may send on one stream before the gateway has passed them on. With the
     * 64 KiB of RFC 9113, an upload with a round-trip time of 40 ms would be limited to 1.6 MB per second.
     */
    private static final int STREAM_WINDOW = 1 << 20;
    /**
     * The same limit for a whole connection, in bytes. It is larger so that a few stalled uploads do not block other
     * uploads.
     */
    private static final int CONNECTION_WINDOW = 4 << 20;

    /**
     * The system property that makes Java reject a TLS renegotiation by a client, which HTTP/2 forbids
     * (<a href="https://www.rfc-editor.org/rfc/rfc9113#section-9.2.1">RFC 9113 9.2.1</a>) and which costs the server
     * far more than the client. Java reads the property during its first handshake as a server.
     */
    private static final String REJECT_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    private final Vertx vertx;
    private final TlsOptions options;
    private Certificate current;
    private FileStamps stamps;
    private String refused = "";

    private Certificates(Vertx vertx, TlsOptions options, FileStamps stamps, Certificate current) {
        this.vertx = vertx;
        this.options = options;
        this.stamps = stamps;
        this.current = current;
    }

    /** Reads the files for the first time. The future fails with a {@link TlsException} if they are unusable. */
    public static Future<Certificates> open(Vertx vertx, TlsOptions options) {
        System.setProperty(REJECT_RENEGOTIATION, System.getProperty(REJECT_RENEGOTIATION, "true"));
        return vertx.executeBlocking(() -> {
            requireKnown(options.cipherSuites());
            FileStamps stamps = FileStamps.of(options);
            Certificate certificate = Certificate.read(vertx, options);
            logLoaded(certificate);
            return new Certificates(vertx, options, stamps, certificate);
        });
    }

    private static void requireKnown(List<String> cipherSuites) throws GeneralSecurityException {
        Set<String> known =
                Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        for (String suite : cipherSuites) {
            if (!known.contains(suite)) {
                throw new TlsException(
                        "http.tls.cipher-suites must contain names that this version of Java knows, not " + suite,
                        null);
            }
        }
    }

    /**
     * Starts to check the files periodically.
     *
     * @param apply the function that makes the servers use a new certificate
     */
    public void watch(Supplier<Future<?>> apply) {
        vertx.setPeriodic(CHECK_INTERVAL.toMillis(), ignored -> check(apply));
    }

    /**
     * Reads the files only if their modification time or size has changed.
     *
     * @return whether the files were read; the future always succeeds
     */
    Future<Boolean> check(Supplier<Future<?>> apply) {
        return vertx.executeBlocking(this::stampsChanged, true)
                .compose(changed -> changed ? reload(apply).map(true) : Future.succeededFuture(false));
    }

    private synchronized boolean stampsChanged() {
        return !FileStamps.of(options).equals(stamps);
    }

    /**
     * Reads the files now, and applies the certificate in them if it has changed.
     *
     * @param apply the function that makes the servers use a new certificate
     * @return a future that always succeeds, once the servers use the new certificate
     */
    public Future<Void> reload(Supplier<Future<?>> apply) {
        return vertx.executeBlocking(this::changed, true)
                .compose(changed -> changed ? apply.get().<Void>mapEmpty() : Future.<Void>succeededFuture())
                .onFailure(failure -> LOG.error("event=certificate-not-taken", failure))
                .otherwiseEmpty();
    }

    /** Enables TLS with the current certificate in the options of a server that is being started or updated. */
    public synchronized HttpServerOptions applyTo(HttpServerOptions sockets, ConnectionLimits limits) {
        options.cipherSuites().forEach(sockets::addEnabledCipherSuite);
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
            stamps = FileStamps.of(options);
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
