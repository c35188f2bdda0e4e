package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the encoding of an event, which happens once per event and group of streams. */
@State(Scope.Benchmark)
public class FrameWriterBench {

    @Param({"50", "1000", "65536"})
    private int size;

    private final Framing named = new Framing.Named();
    private final Framing withList = new Framing.OfKind(Kind.SESSIONS, true);
    private Event event = event("\"\"", 1);
    private List<Event> list = List.of();

    @Setup
    public void fill() {
        event = event("\"" + "x".repeat(size - 2) + "\"", 1);
        list = IntStream.range(0, 100)
                .mapToObj(i -> event("{\"id\":\"" + i + "\"}", i))
                .toList();
    }

    private static Event event(String data, int offset) {
        Draft draft = new Draft(
                new Topic("sessions/" + offset),
                new EventType("session_updated"),
                Optional.empty(),
                JsonText.parse(data));
        return Event.of(draft, new Cursor("bench", offset), Instant.EPOCH);
    }

    @Benchmark
    public int named() {
        try (Frames frames =
                new FrameWriter(event.weight()).event(named, event, List.of()).frames()) {
            return frames.length();
        }
    }

    @Benchmark
    public int withAListOfAHundred() {
        try (Frames frames =
                new FrameWriter(event.weight()).event(withList, event, list).frames()) {
            return frames.length();
        }
    }
}
