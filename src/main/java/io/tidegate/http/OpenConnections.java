package io.tidegate.http;

import io.tidegate.edge.netty.Internals;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The client connections of one event loop, including those that have become tunnels. A shutdown closes each connection
 * when its requests are complete. Owned by its event loop.
 */
final class OpenConnections {

    private final Internals internals;
    private final Set<HttpConnection> open = new HashSet<>();
    private @Nullable Duration ending;

    OpenConnections(Internals internals) {
        this.internals = internals;
    }

    /**
     * Adds a new connection.
     *
     * @param onClosed called when the connection has been closed, even if it has become a tunnel
     */
    void add(HttpConnection connection, Runnable onClosed) {
        open.add(connection);
        internals.onClosed(connection, () -> {
            open.remove(connection);
            onClosed.run();
        });
        Duration limit = ending;
        if (limit != null) {
            if (isHttp2(connection)) {
                internals.closeLingering(connection);
            } else {
                internals.closeAfterResponse(connection, limit);
            }
        }
    }

    int count(Predicate<HttpConnection> which) {
        return (int) open.stream().filter(which).count();
    }

    /**
     * Announces that each connection will be closed: with GOAWAY over HTTP/2, and with {@code Connection: close} on the
     * next response over HTTP/1. An HTTP/1 connection without a request stays open until {@link #closeIdle}, because
     * its client may be sending one; over HTTP/2, GOAWAY states which requests were not processed (<a
     * href="https://www.rfc-editor.org/rfc/rfc9113#section-6.8">RFC 9113, 6.8</a>).
     *
     * @param limit the time after which a connection is closed even if it has requests in progress
     */
    void announceEnd(Duration limit) {
        ending = limit;
        for (HttpConnection connection : List.copyOf(open)) {
            if (isHttp2(connection)) {
                internals.closeLingering(connection);
                connection.shutdown(limit);
            } else {
                internals.closeAfterResponse(connection, limit);
            }
        }
    }

    /**
     * Closes each matching connection as soon as it has no request in progress.
     *
     * @param limit the same as for {@link #announceEnd}
     */
    void closeIdle(Predicate<HttpConnection> which, Duration limit) {
        List.copyOf(open).stream().filter(which).forEach(connection -> connection.shutdown(limit));
    }

    /** Closes the matching connections immediately, discarding the bytes that clients have not yet accepted. */
    void abort(Predicate<HttpConnection> which) {
        List.copyOf(open).stream().filter(which).forEach(internals::abort);
    }

    private static boolean isHttp2(HttpConnection connection) {
        return connection.protocolVersion() == HttpVersion.HTTP_2;
    }
}
