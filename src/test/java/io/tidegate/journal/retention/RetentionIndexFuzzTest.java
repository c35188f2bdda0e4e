package io.tidegate.journal.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.fixture.Fuzz;
import io.tidegate.journal.Journaling;
import io.tidegate.journal.retention.RetentionIndex.Evicted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Compares the index with plain lists of the retained and of the evicted events. */
class RetentionIndexFuzzTest {

    private static final Cursor START = new Cursor("epoch", 0);
    private static final Retention TIGHT = new Retention(1, Duration.ofDays(1), 1, 1, 1 << 24);
    private static final List<String> TOPICS = List.of("sessions", "deploys/a", "deploys/b", "deploys/c", "t");
    private static final List<String> PATTERNS = List.of("**", "deploys/**", "deploys/*", "sessions", "t/**");

    @Fuzz
    void noGapGoesUnnoticedAndNoneIsInvented(@ForAll @Size(max = 30) List<@IntRange(max = 9) Integer> steps) {
        Model model = new Model();
        for (int step : steps) {
            switch (step) {
                case 5 -> model.cut();
                case 6, 7 -> model.evict();
                case 8 -> model.commit();
                case 9 -> model.rollback();
                default -> model.add(TOPICS.get(step));
            }
            model.check();
        }
    }

    private static final class Model {

        private final RetentionIndex index = new RetentionIndex(Map.of());
        private List<Event> held = new ArrayList<>();
        private List<Event> gone = new ArrayList<>();
        private List<Event> committedHeld = List.of();
        private List<Event> committedGone = List.of();

        void add(String topic) {
            Event event = Event.of(Journaling.draft(topic, "1"), START.at(last() + 1), Instant.EPOCH);
            index.add(event);
            held.add(event);
        }

        void cut() {
            TrimScan scan = new TrimScan(index.range(Kind.SESSIONS), TIGHT, 0);
            for (Event event : of(held, Journaling.topics("sessions"))) {
                if (scan.offer(event.offset(), 0, event.weight())) {
                    remove(List.of(event));
                }
            }
            index.trim(Kind.SESSIONS, scan);
        }

        void evict() {
            List<Event> deploys = of(held, Journaling.topics("deploys/**"));
            Optional<Evicted> evicted = index.evictDue(Kind.DEPLOYS, TIGHT, 0);
            assertEquals(deploys.isEmpty(), evicted.isEmpty());
            if (evicted.isPresent()) {
                List<Event> topic =
                        of(held, Journaling.topics(evicted.get().slot().topic()));
                assertEquals(quietest(deploys), newest(topic));
                assertEquals(topic.size(), evicted.get().range().events());
                remove(topic);
            }
        }

        void commit() {
            index.commit();
            committedHeld = List.copyOf(held);
            committedGone = List.copyOf(gone);
        }

        void rollback() {
            index.rollback();
            held = new ArrayList<>(committedHeld);
            gone = new ArrayList<>(committedGone);
        }

        void check() {
            committedHeld.forEach(event -> assertTrue(index.retains(event), () -> event + " is retained"));
            committedGone.forEach(event -> assertFalse(index.retains(event), () -> event + " is evicted"));
            for (Kind kind : Kind.values()) {
                List<Event> all =
                        held.stream().filter(event -> event.kind() == kind).toList();
                assertEquals(all.size(), index.range(kind).events());
                assertEquals(
                        all.stream().mapToLong(Event::weight).sum(),
                        index.range(kind).weight());
            }
            PATTERNS.forEach(pattern -> assertEquals(
                    newest(of(gone, Journaling.topics(pattern))), index.evictedThrough(Journaling.topics(pattern))));
            for (String topic : TOPICS) {
                Selection alone = Journaling.topics(topic);
                long mark = index.evictedThrough(alone);
                assertTrue(mark >= newest(of(gone, alone)), () -> "a silent gap on " + topic);
                of(held, alone)
                        .forEach(event -> assertTrue(event.offset() > mark, "reported a gap that did not occur"));
            }
            assertEquals(last(), index.last());
        }

        private void remove(List<Event> events) {
            held.removeAll(events);
            gone.addAll(events);
        }

        private long quietest(List<Event> events) {
            return TOPICS.stream()
                    .mapToLong(topic -> newest(of(events, Journaling.topics(topic))))
                    .filter(newest -> newest > 0)
                    .min()
                    .orElseThrow();
        }

        private long last() {
            return Math.max(newest(held), newest(gone));
        }

        private static long newest(List<Event> events) {
            return events.stream().mapToLong(Event::offset).max().orElse(0);
        }

        private static List<Event> of(List<Event> events, Selection selection) {
            return events.stream().filter(selection::matches).toList();
        }
    }
}
