package io.tidegate.delivery.poll;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Topic;
import io.tidegate.journal.Page;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the encoding of a page of events with 100 characters of data each. */
@State(Scope.Benchmark)
public class JsonPageBench {

    @Param({"1", "100", "1000"})
    private int events;

    private Page page = new Page(List.of(), new Cursor("bench", 0), false, false);

    @Setup
    public void fill() {
        JsonText data = JsonText.parse("\"" + "x".repeat(98) + "\"");
        Draft draft = new Draft(new Topic("bench/1"), new EventType("tick"), Optional.of("key"), data);
        List<Event> all = IntStream.rangeClosed(1, events)
                .mapToObj(i -> Event.of(draft, new Cursor("bench", i), Instant.EPOCH))
                .toList();
        page = new Page(all, new Cursor("bench", events), false, false);
    }

    @Benchmark
    public Buffer page() {
        return JsonWriter.page(page, Optional.empty(), Optional.empty());
    }
}
