package io.tidegate.delivery.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.bus.Batch;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HubTest {

    private static final Cursor START = new Cursor("epoch", 0);

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<Long> delays = new ArrayList<>();
    private final Hub hub = new Hub(loop::add, delays::add, START);
    private long offset;

    @Test
    void batchesOfOneTurnAreDeliveredTogether() {
        List<List<String>> calls = join("a");
        publish("a");
        publish("a", "a");
        assertTrue(calls.isEmpty());
        turn();
        assertEquals(List.of(List.of("a@1", "a@2", "a@3")), calls);
        assertEquals(1, delays.size());
    }

    @Test
    void aReaderGetsOnlyItsTopicsInOrder() {
        List<List<String>> plain = join("a");
        List<List<String>> pattern = join("b/**");
        List<List<String>> one = join("*");
        publish("a", "b", "b/c/d", "c/d", "a");
        turn();
        assertEquals(List.of(List.of("a@1", "a@5")), plain);
        assertEquals(List.of(List.of("b@2", "b/c/d@3")), pattern);
        assertEquals(List.of(List.of("a@1", "b@2", "a@5")), one);
    }

    @Test
    void overlappingPatternsDeliverAnEventOnce() {
        List<List<String>> calls = join("a", "*", "**", "a/**");
        publish("a", "a");
        turn();
        assertEquals(List.of(List.of("a@1", "a@2")), calls);
    }

    @Test
    void typesAndGrantsNarrowASelection() {
        List<Event> seen = new ArrayList<>();
        Selection selection = new Selection(
                List.of(TopicPattern.ALL),
                List.of(new EventType.Pattern("other.*")),
                List.of(new TopicPattern("granted/**")));
        hub.join(selection, new Receiving(seen::addAll));
        publish("granted", "refused");
        turn();
        assertTrue(seen.isEmpty());
        hub.accept(new Batch(List.of(event("granted", "other.type"), event("refused", "other.type")), 0));
        turn();
        assertEquals(List.of("granted@3"), seen.stream().map(HubTest::name).toList());
    }

    @Test
    void aReaderThatJoinsBeforeTheTurnEndsGetsWhatArrivedInIt() {
        publish("a");
        assertEquals(START, hub.head());
        List<List<String>> calls = join("a");
        turn();
        assertEquals(List.of(List.of("a@1")), calls);
        assertEquals(START.at(1), hub.head());
    }

    @Test
    void aReaderThatLeftIsToldNothingMoreNotEvenInTheSameTurn() {
        List<Subscription> subscriptions = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        subscriptions.add(hub.join(Selection.ofTopics(new TopicPattern("a")), new Receiving(events -> {
            seen.add("first");
            hub.leave(subscriptions.get(1));
        })));
        subscriptions.add(
                hub.join(Selection.ofTopics(new TopicPattern("a")), new Receiving(events -> seen.add("second"))));
        publish("a");
        turn();
        assertEquals(List.of("first"), seen);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theFailureOfAReaderAffectsNoOtherAndIsReportedToItOnce(Throwable failure) {
        List<String> notified = new ArrayList<>();
        List<List<String>> earlier = join("a");
        Receiving failing = new Receiving(events -> {
            notified.addAll(events.stream().map(HubTest::name).toList());
            HubTest.<RuntimeException>raise(failure);
        });
        hub.join(Selection.ofTopics(new TopicPattern("a")), failing);
        List<List<String>> later = join("a");
        publish("a");
        turn();
        publish("a");
        turn();
        assertEquals(List.of("a@1", "a@2"), notified);
        assertEquals(List.of(failure, failure), failing.failures);
        assertEquals(List.of(List.of("a@1"), List.of("a@2")), earlier);
        assertEquals(earlier, later);
        assertEquals(2, delays.size());
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("a defect"),
                new OutOfMemoryError("direct memory"),
                new StackOverflowError(),
                new AssertionError());
    }

    @Test
    void aReaderThatFailsEvenWhenItIsNotifiedOfItsFailureAffectsNoOther() {
        hub.join(Selection.ofTopics(new TopicPattern("a")), new Subscriber() {
            @Override
            public void deliver(List<Event> events) {
                throw new OutOfMemoryError("first");
            }

            @Override
            public void failed(Throwable cause) {
                throw new OutOfMemoryError("second");
            }
        });
        List<List<String>> other = join("a");
        publish("a");
        turn();
        assertEquals(List.of(List.of("a@1")), other);
    }

    @Test
    void aFailureBeforeTheDeliveryAffectsNoReader() {
        hub.beforeDelivery(() -> {
            throw new OutOfMemoryError("direct memory");
        });
        List<List<String>> calls = join("a");
        publish("a");
        turn();
        publish("a");
        turn();
        assertEquals(List.of(List.of("a@1"), List.of("a@2")), calls);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void eventsTheHubBeganWithAreNotRepeated() {
        Hub late = new Hub(loop::add, HubListener.NONE, START.at(2));
        List<Event> seen = new ArrayList<>();
        late.join(Selection.ofTopics(TopicPattern.ALL), new Receiving(seen::addAll));
        late.accept(new Batch(List.of(event("a", "t"), event("a", "t"), event("a", "t")), 0));
        turn();
        assertEquals(List.of("a@3"), seen.stream().map(HubTest::name).toList());
        assertEquals(START.at(3), late.head());
    }

    @Test
    void everyReaderIsHandedTheSameEventObject() {
        List<Event> seen = new ArrayList<>();
        IntStream.range(0, 1000)
                .forEach(i -> hub.join(Selection.ofTopics(new TopicPattern("a")), new Receiving(seen::addAll)));
        Event event = event("a", "t");
        hub.accept(new Batch(List.of(event), 0));
        turn();
        assertEquals(1000, seen.size());
        seen.forEach(each -> assertSame(event, each));
    }

    private List<List<String>> join(String... patterns) {
        List<List<String>> calls = new ArrayList<>();
        List<TopicPattern> topics =
                List.of(patterns).stream().map(TopicPattern::new).toList();
        hub.join(
                new Selection(topics, List.of(), List.of(TopicPattern.ALL)),
                new Receiving(
                        events -> calls.add(events.stream().map(HubTest::name).toList())));
        return calls;
    }

    private void publish(String... topics) {
        hub.accept(new Batch(
                List.of(topics).stream().map(topic -> event(topic, "t")).toList(), System.nanoTime()));
    }

    private void turn() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    private Event event(String topic, String type) {
        return Event.of(Draft.of(topic, type, JsonText.parse("1")), START.at(++offset), Instant.EPOCH);
    }

    private static String name(Event event) {
        return event.topic() + "@" + event.offset();
    }
}
