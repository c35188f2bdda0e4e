package io.tidegate.delivery.hub;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Selection;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.bus.Batch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the dispatch of a batch with one event on one of many topics, while other readers use wildcards. */
@State(Scope.Benchmark)
public class HubBench {

    @Param({"1", "100", "10000"})
    private int topics;

    @Param({"0", "10"})
    private int wildcards;

    private final Cursor start = new Cursor("bench", 0);
    private final Hub hub = new Hub(Runnable::run, HubListener.NONE, start);
    private final List<Draft> drafts = new ArrayList<>();
    private long offset;
    private long delivered;

    @Setup
    public void join() {
        EventType type = new EventType("tick");
        JsonText data = JsonText.parse("1");
        for (int i = 0; i < topics; i++) {
            Topic topic = new Topic("bench/" + i);
            drafts.add(new Draft(topic, type, Optional.empty(), data));
            hub.join(Selection.ofTopics(TopicPattern.of(topic)), new Counter());
        }
        for (int i = 0; i < wildcards; i++) {
            TopicPattern elsewhere = new TopicPattern("other" + i + "/**");
            hub.join(Selection.ofTopics(elsewhere), new Counter());
        }
    }

    @Benchmark
    public long oneEvent() {
        Draft draft = drafts.get((int) (offset % topics));
        Event event = Event.of(draft, start.at(++offset), Instant.EPOCH);
        hub.accept(new Batch(List.of(event), 0));
        return delivered;
    }

    private final class Counter implements Subscriber {

        @Override
        public void deliver(List<Event> events) {
            delivered += events.size();
        }

        @Override
        public void failed(Throwable cause) {
            throw new IllegalStateException(cause);
        }
    }
}
