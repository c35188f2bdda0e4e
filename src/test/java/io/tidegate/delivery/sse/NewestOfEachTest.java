package io.tidegate.delivery.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.Append;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.journal.retention.Retention;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NewestOfEachTest {

    private static final Selection ALL = Selection.ofTopics(TopicPattern.ALL);

    private final Journal journal = new MemoryJournal(
            Clock.systemUTC(), Map.of(Kind.OTHER, new Retention(10_000, Duration.ofDays(1), 1L << 30, 1_000, 1 << 24)));
    private final Cursor start = journal.head();

    @Test
    void aPageHasTheNewestEventOfEachKeyInOrder() {
        publish("a", "1");
        publish("b", "2");
        publish("a", "3");
        Page page = read(start);
        assertEquals(List.of("2", "3"), data(page.events()));
        assertFalse(page.more());
    }

    @Test
    void thePagesOfManyLargeStatesAreBoundedAndEndWithTheNewestOfEachKey() {
        String text = "x".repeat(100_000);
        IntStream.range(0, 90).forEach(i -> publish("k" + i % 30, "\"" + i + text + "\""));
        Map<String, Event> known = new LinkedHashMap<>();
        Cursor at = start;
        Page page;
        int pages = 0;
        do {
            page = read(at);
            assertTrue(page.events().stream().mapToInt(Event::weight).sum() < 3 << 20, "a page is too large");
            page.events().forEach(event -> known.put(event.key().orElseThrow(), event));
            at = page.next();
            pages++;
        } while (page.more());
        assertTrue(pages > 1);
        assertEquals(journal.head(), at);
        assertEquals(30, known.size());
        assertTrue(known.values().stream().allMatch(event -> event.offset() > start.offset() + 60));
    }

    private void publish(String key, String json) {
        journal.commit(List.of(new Append(List.of(Draft.of("t", "tick", key, JsonText.parse(json))))));
    }

    private Page read(Cursor after) {
        return NewestOfEach.read(journal, after, journal.head(), ALL).result();
    }

    private static List<String> data(List<Event> events) {
        return events.stream().map(event -> event.data().toString()).toList();
    }
}
