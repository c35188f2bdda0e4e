package io.tidegate.http;

import io.tidegate.adapter.grip.Holds;
import io.tidegate.delivery.sse.OpenStream;
import io.tidegate.delivery.sse.Streams;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is open on one event loop, its own streams and those that origins handed over. Owned by that event loop. */
public record OpenStreams(Streams own, Optional<Holds> held) {

    /** As {@link Streams#list} tells it, of each sort as many. */
    List<OpenStream> list(Optional<String> subject, long after, int limit) {
        return Stream.concat(
                        own.list(subject, after, limit).stream(),
                        held.stream().flatMap(holds -> holds.list(subject, after, limit).stream()))
                .toList();
    }

    /** Ends those of a subject, and says how many that were. */
    int end(String subject) {
        return own.end(subject) + held.map(holds -> holds.end(subject)).orElse(0);
    }
}
