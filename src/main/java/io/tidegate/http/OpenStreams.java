package io.tidegate.http;

import io.tidegate.adapter.grip.Holds;
import io.tidegate.delivery.sse.OpenStream;
import io.tidegate.delivery.sse.Streams;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The open streams of one event loop: the gateway's own streams, and the clients that origins have handed over. Owned
 * by that event loop.
 */
public record OpenStreams(Streams own, Optional<Holds> held) {

    /** Returns the streams of both types, as {@link Streams#list} does. The limit applies to each type separately. */
    List<OpenStream> list(Optional<String> subject, long after, int limit) {
        return Stream.concat(
                        own.list(subject, after, limit).stream(),
                        held.stream().flatMap(holds -> holds.list(subject, after, limit).stream()))
                .toList();
    }

    /** Ends the streams of a subject. Returns their number. */
    int end(String subject) {
        return own.end(subject) + held.map(holds -> holds.end(subject)).orElse(0);
    }
}
