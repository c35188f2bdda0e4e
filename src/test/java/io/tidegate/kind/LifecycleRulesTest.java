package io.tidegate.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.tidegate.fixture.TestClock;
import io.tidegate.problem.Code;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the rules that follow from a lifecycle, using sessions as the example. */
class LifecycleRulesTest {

    private static final String AT_NINE = "2026-03-01T09:00:00.120Z";
    private static final String AT_TEN = "2026-03-01T10:00:00Z";

    private final TestClock clock = new TestClock("2026-03-01T09:00:00.120456Z");
    private final Rules rules = LifecycleRules.of(Kind.SESSIONS, clock);

    @Test
    void aSessionIsWhatWasSentWithAnIdAndTwoTimes() {
        Decision decision = create("{\"id\":\"s1\",\"user\":{\"name\":\"Ann\"},\"status\":\"active\"}");

        assertEquals(201, decision.status());
        assertEvent(
                decision,
                "session_created",
                "{'id':'s1','user':{'name':'Ann'},'status':'active','created_at':'" + AT_NINE + "','updated_at':'"
                        + AT_NINE + "'}");
    }

    @Test
    void anIdIsChosenWhenNoneIsGiven() {
        Command command = command(Verb.CREATE, "", "{}");
        String key = rules.keyOf(command);
        assertNotEquals(key, rules.keyOf(command));
        Decision decision = rules.decide(command, key, Optional.empty());
        assertEquals(key, decision.body().getString("id"));
        decision.drafts().forEach(Draft::checkMember);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''",
                "'a b'",
                "'a/b'",
                "'/'",
                "'*'",
                "'**'",
                "'.'",
                "'..'",
                "'a\\r\\nb'",
                "'\\u0000'",
                "'ü'",
                "'\\ud800'",
                "5",
                "null",
                "true",
                "{}",
                "['a']"
            })
    void anIdThatCannotStandInAPathIsRefused(String id) {
        String body = ("{'id':" + id + "}").replace('\'', '"');
        assertRefused(Code.INVALID_KEY, () -> rules.keyOf(command(Verb.CREATE, "", body)));
    }

    @Test
    void anIdIsBounded() {
        String longest = "x".repeat(128);
        assertEquals(longest, rules.keyOf(command(Verb.PATCH, longest, "{}")));
        assertRefused(Code.INVALID_KEY, () -> rules.keyOf(command(Verb.PATCH, longest + "x", "{}")));
        assertRefused(Code.INVALID_KEY, () -> rules.keyOf(command(Verb.DELETE, "", "{}")));
    }

    @Test
    void anIdThatIsTakenIsAConflict() {
        JsonObject known = create("{'id':'s1'}").body();
        Command again = command(Verb.CREATE, "", "{'id':'s1'}");
        assertRefused(Code.CONFLICT, () -> rules.decide(again, "s1", Optional.of(known)));
    }

    @Test
    void theTimesOfAClientAreNotTaken() {
        Decision decision = create("{'id':'s1','created_at':'1999','updated_at':5}");
        assertEvent(
                decision,
                "session_created",
                "{'id':'s1','created_at':'" + AT_NINE + "','updated_at':'" + AT_NINE + "'}");
    }

    @Test
    void aPatchIsMergedAndTheEventHasTheWholeSession() {
        JsonObject known = create("{'id':'s1','user':{'name':'Ann','age':3},'status':'active'}")
                .body();
        clock.set(AT_TEN);

        Decision decision = change(Verb.PATCH, known, "{'user':{'age':null},'status':'idle'}");

        assertEquals(200, decision.status());
        assertEvent(
                decision,
                "session_updated",
                "{'id':'s1','user':{'name':'Ann'},'status':'idle','created_at':'" + AT_NINE + "','updated_at':'"
                        + AT_TEN + "'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'status':'active'}",
                "{'user':{}}",
                "{'user':{'name':'Ann'}}",
                "{'nothing':null}",
                "{'id':'s1'}",
                "{'created_at':'1999'}",
                "{'created_at':null,'updated_at':null}"
            })
    void aPatchThatChangesNothingCommitsNothing(String patch) {
        JsonObject known =
                create("{'id':'s1','user':{'name':'Ann'},'status':'active'}").body();
        clock.set(AT_TEN);

        Decision decision = change(Verb.PATCH, known, patch);

        assertEquals(new Decision(List.of(), 200, known), decision);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'id':'s2'}", "{'id':null}", "{'id':5}", "{'id':{}}"})
    void theIdCannotBeChanged(String patch) {
        JsonObject known = create("{'id':'s1'}").body();
        assertRefused(Code.INVALID_BODY, () -> change(Verb.PATCH, known, patch));
    }

    @Test
    void numbersThatAPatchDoesNotTouchStayExact() {
        JsonObject known = JsonText.parse("{\"id\":\"s1\",\"a\":1.00,\"b\":1E+400,\"c\":123456789012345678901}")
                .object();
        String data =
                change(Verb.PATCH, known, "{'d':1}").drafts().get(0).data().toString();
        assertEquals(
                "{\"id\":\"s1\",\"a\":1.00,\"b\":1E+400,\"c\":123456789012345678901,\"d\":1,\"updated_at\":\"" + AT_NINE
                        + "\"}",
                data);
    }

    @Test
    void aSessionCannotGrowWithoutEnd() {
        JsonObject known = create("{'id':'s1'}").body().put("a", "x".repeat(700_000));
        String more = "{'b':'" + "x".repeat(700_000) + "'}";
        assertRefused(Code.PAYLOAD_TOO_LARGE, () -> change(Verb.PATCH, known, more));
    }

    @Test
    void theLastEventHasTheSessionAsItEnded() {
        JsonObject known = create("{'id':'s1','status':'active','n':1}").body();
        clock.set(AT_TEN);

        Decision decision = change(Verb.DELETE, known, "{}");

        assertEquals(200, decision.status());
        assertEvent(
                decision,
                "session_terminated",
                "{'id':'s1','status':'terminated','n':1,'created_at':'" + AT_NINE + "','updated_at':'" + AT_TEN
                        + "','terminated_at':'" + AT_TEN + "'}");
        assertEquals(
                true,
                Event.of(decision.drafts().get(0), new Cursor("e", 1), clock.instant())
                        .ends());
    }

    @ParameterizedTest
    @CsvSource({"PATCH", "DELETE"})
    void whatIsNotThereIsNotFound(Verb verb) {
        assertRefused(Code.NOT_FOUND, () -> rules.decide(command(verb, "s1", "{}"), "s1", Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Verb.class,
            names = {"PUT", "ADD"})
    void otherVerbsAreNotForSessions(Verb verb) {
        assertRefused(Code.METHOD_NOT_ALLOWED, () -> rules.decide(command(verb, "s1", "{}"), "s1", Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ITEMS", "DEPLOYS"})
    void aKindWhoseOperationsItsLifecycleDoesNotDecideNeedsRulesOfItsOwn(Kind kind) {
        assertThrows(IllegalArgumentException.class, () -> LifecycleRules.of(kind, clock));
    }

    private Decision create(String body) {
        Command command = command(Verb.CREATE, "", body);
        return rules.decide(command, rules.keyOf(command), Optional.empty());
    }

    private Decision change(Verb verb, JsonObject known, String body) {
        return rules.decide(command(verb, "s1", body), "s1", Optional.of(known.copy()));
    }

    private static Command command(Verb verb, String key, String body) {
        return new Command(verb, key, JsonText.parse(body.replace('\'', '"')).object());
    }

    private static void assertEvent(Decision decision, String type, String data) {
        JsonText text = JsonText.parse(data.replace('\'', '"'));
        Draft draft = Draft.of("sessions", type, "s1", text);
        draft.checkMember();
        assertEquals(List.of(draft), decision.drafts());
        assertEquals(text, JsonText.of(decision.body()));
    }

    private static void assertRefused(Code code, Executable action) {
        assertEquals(
                code, assertThrows(ProblemException.class, action).problem().code());
    }
}
