package io.tidegate.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final Event CREATED = event("items", "item.created");

    @Test
    void aTopicThatWasAskedForMatches() {
        assertTrue(topics("sessions", "items").matches(CREATED));
        assertFalse(topics("sessions", "items/*").matches(CREATED));
        assertFalse(topics().matches(CREATED));
    }

    @Test
    void aTypeNarrowsAndNoneMeansAll() {
        assertTrue(typed("item.*").matches(CREATED));
        assertTrue(typed("x", "item.created").matches(CREATED));
        assertFalse(typed("x").matches(CREATED));
        assertTrue(typed().matches(CREATED));
    }

    @Test
    void nothingIsReadBeyondTheGrants() {
        assertFalse(granted("sessions/**").matches(CREATED));
        assertFalse(granted("sessions/**").admits(CREATED));
        assertTrue(granted("sessions/**", "items").matches(CREATED));
        assertFalse(granted().matches(CREATED));
    }

    @Test
    void theKindsAreThoseItsTopicsCanBeOf() {
        assertEquals(Set.of(Kind.SESSIONS), topics("sessions").kinds());
        assertEquals(
                Set.of(Kind.SESSIONS, Kind.DEPLOYS),
                topics("sessions/**", "deploys/42", "deploys/*").kinds());
        assertEquals(Set.of(Kind.ITEMS, Kind.OTHER), topics("items", "chat/*").kinds());
        assertEquals(EnumSet.allOf(Kind.class), topics("sessions", "**").kinds());
        assertEquals(EnumSet.allOf(Kind.class), topics("*/42").kinds());
        assertEquals(Set.of(), topics().kinds());
    }

    @Test
    void equalSelectionsAreEqual() {
        assertEquals(topics("a", "b/*"), topics("a", "b/*"));
        assertEquals(
                topics("a").hashCode(),
                Selection.ofTopics(new TopicPattern("a")).hashCode());
    }

    private static Event event(String topic, String type) {
        return Event.of(Draft.of(topic, type, JsonText.parse("1")), new Cursor("e", 1), Instant.EPOCH);
    }

    private static Selection topics(String... topics) {
        return Selection.ofTopics(Arrays.stream(topics).map(TopicPattern::new).toArray(TopicPattern[]::new));
    }

    private static Selection typed(String... types) {
        return new Selection(
                List.of(TopicPattern.ALL),
                Arrays.stream(types).map(EventType.Pattern::new).toList(),
                List.of(TopicPattern.ALL));
    }

    private static Selection granted(String... grants) {
        return new Selection(
                List.of(TopicPattern.ALL),
                List.of(),
                Arrays.stream(grants).map(TopicPattern::new).toList());
    }
}
