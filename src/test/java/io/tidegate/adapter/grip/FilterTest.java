package io.tidegate.adapter.grip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.Topic;
import io.tidegate.problem.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which items reach which clients, and the parsing of the instructions in origin responses. */
class FilterTest {

    private static String delivered(HoldKey key, JsonObject item) {
        return delivered(key, item, Map.of());
    }

    private static String delivered(HoldKey key, JsonObject item, Map<Topic, String> ids) {
        Draft draft = GripItemReader.drafts(
                        new JsonObject().put("items", new JsonArray().add(item)).toBuffer())
                .get(0);
        Event event = Event.of(draft, new Cursor("e", 1), Instant.EPOCH);
        return key.itemFor(event, ids, new HoldMetrics(new SimpleMeterRegistry(), new HeldClientCount()))
                .map(found -> found.content().toString())
                .orElse("-");
    }

    private static HoldKey key(Map<String, String> meta, Filter... filters) {
        Set<Filter> filterSet = Set.of(filters);
        return new HoldKey(
                Mode.STREAM,
                Map.of(GripChannel.topic("a"), filterSet, GripChannel.topic("b c"), Set.<Filter>of()),
                meta);
    }

    private static JsonObject item(String content, String... meta) {
        JsonObject pairs = new JsonObject();
        for (int i = 0; i < meta.length; i += 2) {
            pairs.put(meta[i], meta[i + 1]);
        }
        return GripBed.item("a", content).put("meta", pairs);
    }

    @Test
    void anItemSkipsItsSenderAndWhomItNames() {
        HoldKey ada = key(Map.of("user", "ada"), Filter.SKIP_SELF, Filter.SKIP_USERS);
        assertEquals("x", delivered(ada, item("x")));
        assertEquals("x", delivered(ada, item("x", "sender", "bob")));
        assertEquals("-", delivered(ada, item("x", "sender", "ada")));
        assertEquals("-", delivered(ada, item("x", "skip_users", "bob, ada")));
        assertEquals("x", delivered(ada, item("x", "skip_users", "adam")));
        assertEquals("x", delivered(key(Map.of(), Filter.SKIP_SELF), item("x", "sender", "")));
        assertEquals(
                "x", delivered(key(Map.of("user", "ada")), item("x", "sender", "ada")), "the client has no filter");
    }

    @Test
    void anItemMayNeedAnotherChannel() {
        HoldKey both = key(Map.of(), Filter.REQUIRE_SUB);
        assertEquals("x", delivered(both, item("x", "require_sub", "b c")));
        assertEquals("-", delivered(both, item("x", "require_sub", "d")));
        assertEquals("x", delivered(both, item("x", "require_sub", "")));
    }

    @Test
    void variablesHaveTheValuesOfTheClient() {
        HoldKey ada = key(Map.of("user", "$ädä"), Filter.VAR_SUBST);
        assertEquals("hi $ädä, 5%", delivered(ada, item("hi %(user)s, 5%%")));
        assertEquals("-", delivered(ada, item("%(unknown)s")), "an incomplete text would be wrong");
        assertEquals("-", delivered(ada, item("5%")));
        assertEquals("%(user)s", delivered(key(Map.of()), item("%(user)s")));
        JsonObject marked =
                new JsonObject().put("content", "x").put("content-filters", new JsonArray().add("var-subst"));
        assertEquals("x", delivered(ada, GripBed.stream("a", marked)));
        assertEquals("-", delivered(key(Map.of()), GripBed.stream("a", marked)));
        byte[] bytes = {(byte) 0xff, '%', '%', 0};
        assertArrayEquals(
                new byte[] {(byte) 0xff, '%', 0},
                Filter.substituted(Buffer.buffer(bytes), Map.of()).getBytes());
    }

    @Test
    void anIdIsBuiltFromThoseOfAllChannels() {
        HoldKey key = key(Map.of("id_format", "A%%20:%(a)s,B:%(b c)s"), Filter.BUILD_ID);
        Map<Topic, String> ids = Map.of(GripChannel.topic("a"), "7", GripChannel.topic("b c"), "3");
        assertEquals("id: A%20:7,B:3 5%", delivered(key, item("id: %I 5%%"), ids));
        assertEquals("id: own", delivered(key, item("id: %(own)I"), ids));
        assertEquals("-", delivered(key, item("5%"), ids));
        assertEquals("-", delivered(key, item("%(a)s"), ids));
        assertEquals(
                "-", delivered(key, item("%I"), Map.of(GripChannel.topic("a"), "7")), "no id of the other channel");
        HoldKey hex = key(Map.of("id_format", "%(a)s", "id_encoding", "hex"), Filter.BUILD_ID);
        assertEquals("313a", delivered(hex, item("%I"), Map.of(GripChannel.topic("a"), "1:")));
        JsonObject marked =
                new JsonObject().put("content", "x").put("content-filters", new JsonArray().add("build-id"));
        assertEquals("x", delivered(key, GripBed.stream("a", marked), ids));
        assertEquals("-", delivered(key(Map.of()), GripBed.stream("a", marked)));
        JsonObject none = new JsonObject().put("content", "x").put("content-filters", new JsonArray());
        assertEquals("-", delivered(key, GripBed.stream("a", none), ids));
        assertEquals("x", delivered(key(Map.of()), GripBed.stream("a", none)));
    }

    @Test
    void anIdNeedsAFormat() {
        assertThrows(IllegalArgumentException.class, () -> key(Map.of(), Filter.BUILD_ID));
        Map<String, String> unknown = Map.of("id_format", "x", "id_encoding", "base64");
        assertThrows(IllegalArgumentException.class, () -> key(unknown, Filter.BUILD_ID));
        Map<String, String> known = Map.of("id_format", "x");
        assertThrows(IllegalArgumentException.class, () -> key(known, Filter.BUILD_ID, Filter.VAR_SUBST));
    }

    @Test
    void clientsThatHearTheSameAreOneAudience() {
        assertEquals(key(Map.of("user", "ada")), key(Map.of("user", "bob")), "no filter uses the user");
        assertThrows(IllegalArgumentException.class, () -> new HoldKey(Mode.STREAM, Map.of(), Map.of()));
        Map<Topic, Set<Filter>> many = new TreeMap<>((one, other) -> one.name().compareTo(other.name()));
        for (int i = 0; i < 17; i++) {
            many.put(GripChannel.topic("c" + i), Set.of());
        }
        assertThrows(IllegalArgumentException.class, () -> new HoldKey(Mode.STREAM, many, Map.of()));
    }

    @Test
    void fieldsMayBeSeveralAndQuoted() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("grip-hold", "stream")
                .add("Grip-Channel", "a; prev-id=\"1;2,3\"; filter=skip-self; filter=var-subst")
                .add("Grip-Channel", "b , c;later=1")
                .add("Grip-Set-Meta", "user=\"a\\\"d, a\", x=y")
                .add("Grip-Status", "203 Somewhat Else")
                .add("X-Own", "1");
        Instruction instruction = Instruction.extract(headers);
        HoldSpec spec = instruction.spec().orElseThrow();
        assertEquals(Map.of("user", "a\"d, a", "x", "y"), spec.key().meta());
        assertEquals(Map.of(GripChannel.topic("a"), "1;2,3"), spec.previousIds());
        assertEquals(
                Map.of(
                        GripChannel.topic("a"),
                        Set.of(Filter.SKIP_SELF, Filter.VAR_SUBST),
                        GripChannel.topic("b"),
                        Set.of(),
                        GripChannel.topic("c"),
                        Set.of()),
                spec.key().channels());
        assertEquals(
                new Instruction.Status(203, "Somewhat Else"),
                instruction.status().orElseThrow());
        assertEquals(Set.of("X-Own"), headers.names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-check", "http-modify", "", "SKIP_SELF"})
    void whatIsNoFilterHereIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> Filter.named(name));
    }

    @ParameterizedTest
    @CsvSource({"close, 200", "send, 200", "hint, 422", "explode, 422"})
    void aStreamIsNotToldToLookElsewhere(String action, int status) {
        JsonObject request = new JsonObject()
                .put("items", new JsonArray(List.of(GripBed.stream("a", new JsonObject().put("action", action)))));
        if (status == 200) {
            assertEquals(1, GripItemReader.drafts(request.toBuffer()).size());
        } else {
            assertThrows(ProblemException.class, () -> GripItemReader.drafts(request.toBuffer()));
        }
    }
}
