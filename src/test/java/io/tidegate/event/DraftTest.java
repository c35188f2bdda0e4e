package io.tidegate.event;

import static io.tidegate.event.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.bus.Batch;
import io.tidegate.problem.Code;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DraftTest {

    private static final JsonText ONE = JsonText.parse("1");

    @ParameterizedTest
    @ValueSource(strings = {"k", "a b", "a/b", "ABC-123 #4", "ключ", "😀"})
    void aKeyIsAnyShortText(String key) {
        assertEquals(Optional.of(key), Draft.of("t", "x", key, ONE).key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\r", "a\nb", "\u0000", "\u007f", "a\u0085", "\ud800", "a\udc00"})
    void aKeyHasNoControlCharactersAndIsWellFormed(String key) {
        assertRefused(Code.INVALID_KEY, () -> Draft.of("t", "x", key, ONE));
    }

    @Test
    void aKeyIsBounded() {
        assertEquals(
                255,
                Draft.of("t", "x", "k".repeat(255), ONE).key().orElseThrow().length());
        assertRefused(Code.INVALID_KEY, () -> Draft.of("t", "x", "k".repeat(256), ONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sessions | session_created | s1 | {\"id\":\"s1\"}",
                "sessions | session_idle | s1 | {\"n\":{},\"id\":\"s1\"}",
                "sessions/s1 | session_updated | s1 | {\"id\":\"s1\"}",
                "sessions | session_terminated | 7 | {\"id\":7}",
                "deploys/42 | deploy_status | 42 | {\"id\":\"42\"}",
                "items | item.updated | A/1 | {\"part_number\":\"A/1\"}",
                "sessions/s1/typing | typing | | 1",
                "deploys/42 | deploy_log | | {\"line\":\"x\"}",
                "deploys/42 | deploy_status | | {\"id\":\"42\"}",
                "chat/room | said | k | \"anything\"",
                "chat/room | session_created | | 1"
            })
    void whatTellsOfAMemberOrOfNoneIsFit(String topic, String type, String key, String data) {
        new Draft(new Topic(topic), new EventType(type), Optional.ofNullable(key), JsonText.parse(data)).checkMember();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sessions | session_created | | {\"id\":\"s1\"} | INVALID_KEY",
                "sessions | session_terminated | | {\"id\":\"s1\"} | INVALID_KEY",
                "sessions/a/b | session_updated | | {\"id\":\"s1\"} | INVALID_KEY",
                "items | item.revision_added | | {} | INVALID_KEY",
                "instances | instance_removed | | {} | INVALID_KEY",
                "sessions | item.created | | {} | INVALID_KEY",
                "deploys/42 | instance_updated | | {} | INVALID_KEY",
                "sessions | session_created | s1 | [] | INVALID_BODY",
                "sessions | session_created | s1 | null | INVALID_BODY",
                "sessions | session_created | s1 | \"s1\" | INVALID_BODY",
                "sessions | session_created | s1 | {} | INVALID_BODY",
                "sessions | session_created | s1 | {\"id\":\"s2\"} | INVALID_BODY",
                "sessions | session_created | s1 | {\"id\":null} | INVALID_BODY",
                "sessions | session_created | s1 | {\"id\":{\"id\":\"s1\"}} | INVALID_BODY",
                "items | item.created | p | {\"id\":\"p\"} | INVALID_BODY",
                "sessions/tenant | session_updated | s1 | {\"id\":\"s1\"} | INVALID_TOPIC",
                "sessions/s1/x | session_updated | s1 | {\"id\":\"s1\"} | INVALID_TOPIC"
            })
    void whatWouldSpoilAListIsRefused(String topic, String type, String key, String data, Code code) {
        Draft draft = new Draft(new Topic(topic), new EventType(type), Optional.ofNullable(key), JsonText.parse(data));
        assertRefused(code, draft::checkMember);
    }

    @Test
    void anEventIsItsDraftWithAPlaceAndATime() {
        Draft draft = Draft.of("sessions", "session_terminated", "s1", JsonText.parse("{\"id\":\"s1\"}"));
        Event event = Event.of(draft, new Cursor("e", 7), Instant.EPOCH);
        assertEquals(
                new Event(
                        new Cursor("e", 7),
                        Instant.EPOCH,
                        new Topic("sessions"),
                        new EventType("session_terminated"),
                        Optional.of("s1"),
                        JsonText.trusted("{\"id\":\"s1\"}")),
                event);
        assertEquals(7, event.offset());
        assertEquals(Kind.SESSIONS, event.kind());
        assertTrue(event.ends());
        assertEquals(128 + 8 + 18 + 2 + 11, event.weight());
        assertFalse(Event.of(Draft.of("sessions", "item.deleted", ONE), event.cursor(), Instant.EPOCH)
                .ends());
    }

    @Test
    void aBatchIsNeverEmpty() {
        assertThrows(IllegalArgumentException.class, () -> new Batch(List.of(), 0));
    }

    @Test
    void onlyTheFourKindsHaveNames() {
        assertEquals(Optional.of(Kind.ITEMS), Kind.named("items"));
        assertEquals(Optional.empty(), Kind.named("other"));
        assertEquals(Optional.empty(), Kind.named("item"));
        assertEquals("item", Kind.ITEMS.singular());
        assertEquals("part_number", Kind.ITEMS.identity());
    }
}
