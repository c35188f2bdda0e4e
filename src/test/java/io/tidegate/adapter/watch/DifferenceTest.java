package io.tidegate.adapter.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the drafts that turn the known members into the listed ones. */
class DifferenceTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456Z");

    private final List<Event> known = new ArrayList<>();
    private final Map<String, JsonText> listed = new LinkedHashMap<>();

    private void known(Kind kind, String key, String data) {
        Draft draft = kind.draft(kind.lifecycle().created(), key, JsonText.parse(data));
        known.add(Event.of(draft, new Cursor("e", known.size() + 1L), NOW));
    }

    private List<String> drafts(Kind kind, String... newer) {
        return Difference.between(known, listed, Set.of(newer), List.of("last_seen", "load.now"), kind, NOW).stream()
                .map(draft ->
                        draft.topic() + " " + draft.type() + " " + draft.key().orElse("") + " " + draft.data())
                .toList();
    }

    @Test
    void whatIsNewChangedOrGoneIsToldInThatOrderOfTheList() {
        known(Kind.SESSIONS, "a", "{\"id\":\"a\",\"n\":1}");
        known(Kind.SESSIONS, "b", "{\"id\":\"b\",\"n\":1}");
        known(Kind.SESSIONS, "c", "{\"id\":\"c\",\"n\":1}");
        listed.put("d", JsonText.parse("{\"id\":\"d\"}"));
        listed.put("b", JsonText.parse("{\"n\":1,\"id\":\"b\"}"));
        listed.put("c", JsonText.parse("{\"id\":\"c\",\"n\":2}"));
        assertEquals(
                List.of(
                        "sessions session_created d {\"id\":\"d\"}",
                        "sessions session_updated c {\"id\":\"c\",\"n\":2}",
                        "sessions session_terminated a {\"id\":\"a\",\"n\":1,\"status\":\"terminated\","
                                + "\"terminated_at\":\"2026-03-01T12:00:00.123Z\"}"),
                drafts(Kind.SESSIONS));
    }

    @Test
    void whatWasToldMeanwhileIsLeftAlone() {
        known(Kind.SESSIONS, "a", "{\"id\":\"a\",\"n\":2}");
        known(Kind.SESSIONS, "new", "{\"id\":\"new\"}");
        listed.put("a", JsonText.parse("{\"id\":\"a\",\"n\":1}"));
        listed.put("ended", JsonText.parse("{\"id\":\"ended\"}"));
        assertEquals(List.of(), drafts(Kind.SESSIONS, "a", "new", "ended"));
        assertEquals(3, drafts(Kind.SESSIONS).size());
    }

    @Test
    void eachKindIsToldInItsOwnWords() {
        known(Kind.INSTANCES, "i", "{\"id\":\"i\"}");
        assertEquals(
                List.of("instances instance_removed i {\"id\":\"i\",\"removed_at\":\"2026-03-01T12:00:00.123Z\"}"),
                drafts(Kind.INSTANCES));
        known.clear();
        known(Kind.ITEMS, "p", "{\"part_number\":\"p\"}");
        listed.put("q", JsonText.parse("{\"part_number\":\"q\"}"));
        assertEquals(
                List.of(
                        "items item.created q {\"part_number\":\"q\"}",
                        "items item.deleted p {\"part_number\":\"p\",\"deleted_at\":\"2026-03-01T12:00:00.123Z\"}"),
                drafts(Kind.ITEMS));
        known.clear();
        listed.clear();
        known(Kind.DEPLOYS, "d", "{\"id\":\"d\"}");
        listed.put("e", JsonText.parse("{\"id\":\"e\"}"));
        assertEquals(
                List.of("deploys/e deploy_created e {\"id\":\"e\"}"),
                drafts(Kind.DEPLOYS),
                "deploys never leave the list");
    }

    @Test
    void theOrderOfMembersIsNoDifferenceAndThatOfEntriesIs() {
        assertTrue(Difference.same(
                JsonText.parse("{\"a\":{\"x\":1.5,\"y\":[1,2]},\"b\":null}"),
                JsonText.parse("{\"b\":null,\"a\":{\"y\":[1,2],\"x\":1.5}}"),
                List.of()));
        assertFalse(same("{\"a\":[1,2]}", "{\"a\":[2,1]}"));
        assertFalse(same("{\"a\":null}", "{}"));
        assertFalse(same("[]", "{}"));
    }

    @Test
    void whatIsIgnoredIsNoDifferenceAndIsToldWithAnotherOne() {
        known(Kind.SESSIONS, "a", "{\"id\":\"a\",\"last_seen\":1,\"load\":{\"now\":1,\"max\":5}}");
        known(Kind.SESSIONS, "b", "{\"id\":\"b\",\"last_seen\":1,\"user\":\"ada\"}");
        listed.put("a", JsonText.parse("{\"id\":\"a\",\"load\":{\"max\":5,\"now\":2}}"));
        listed.put("b", JsonText.parse("{\"id\":\"b\",\"last_seen\":2,\"user\":\"eve\"}"));
        assertEquals(
                List.of("sessions session_updated b {\"id\":\"b\",\"last_seen\":2,\"user\":\"eve\"}"),
                drafts(Kind.SESSIONS));
        assertFalse(same("{\"load\":{\"max\":5}}", "{\"load\":{\"max\":6}}"));
        assertFalse(same("{\"load\":7}", "{\"load\":8}"), "the parent is not an object");
    }

    private static boolean same(String one, String other) {
        return Difference.same(JsonText.parse(one), JsonText.parse(other), List.of("last_seen", "load.now"));
    }
}
