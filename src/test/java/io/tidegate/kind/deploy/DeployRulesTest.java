package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Draft;
import io.tidegate.event.EventType;
import io.tidegate.event.Topic;
import io.tidegate.event.Verb;
import io.tidegate.kind.Command;
import io.tidegate.kind.Decision;
import io.tidegate.problem.Code;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeployRulesTest {

    private static final String NOW = "2026-07-01T12:00:00.123Z";

    private final DeployRules rules = new DeployRules(
            Set.of("demo"), () -> "chosen", Clock.fixed(Instant.parse("2026-07-01T12:00:00.123456Z"), ZoneOffset.UTC));

    @Test
    void aDeployIsCreatedWithAnIdOfOurs() {
        Decision decision = create("{'recipe':'demo'}");
        JsonObject deploy = json("{'id':'chosen','recipe':'demo','status':'running','created_at':'" + NOW + "'}");
        assertEquals(201, decision.status());
        assertEquals(deploy, decision.body());
        Draft draft = onlyDraft(decision);
        assertEquals(new Topic("deploys/chosen"), draft.topic());
        assertEquals(new EventType("deploy_created"), draft.type());
        assertEquals(Optional.of("chosen"), draft.key());
        assertEquals(deploy, draft.data().object());
    }

    @Test
    void aDeployElsewhereKeepsItsFieldsAndItsId() {
        JsonObject deploy = create("{'id':'web-7','name':'Web','commit':{'sha':'ab'},'recipe':null,'status':'running'}")
                .body();
        assertEquals(
                json("{'id':'web-7','name':'Web','commit':{'sha':'ab'},'status':'running','created_at':'" + NOW + "'}"),
                deploy);
    }

    @Test
    void theRequestIsNotChanged() {
        JsonObject body = json("{'id':'a','recipe':null}");
        rules.decide(new Command(Verb.CREATE, "", body), "a", Optional.empty());
        assertEquals(json("{'id':'a','recipe':null}"), body);
    }

    @Test
    void aRecipeThatIsNotConfiguredIsRefused() {
        assertRefused(Code.UNKNOWN_RECIPE, () -> create("{'recipe':'rm'}"));
    }

    @Test
    void anIdIsTakenOnce() {
        assertRefused(
                Code.CONFLICT, () -> rules.decide(command(Verb.CREATE, "{'id':'a'}"), "a", Optional.of(elsewhere())));
    }

    @Test
    void anIdIsOneSegmentOfATopic() {
        for (String id : new String[] {"", "a/b", "..", ".", "a b", "ä", "x".repeat(129)}) {
            assertRefused(
                    Code.INVALID_KEY, () -> rules.keyOf(new Command(Verb.CREATE, "", new JsonObject().put("id", id))));
        }
        assertEquals("x".repeat(128), rules.keyOf(command(Verb.CREATE, "{'id':'" + "x".repeat(128) + "'}")));
    }

    @Test
    void aCreationOfTheWrongShapeIsRefused() {
        for (String body : new String[] {
            "{'recipe':1}",
            "{'recipe':['demo']}",
            "{'name':{}}",
            "{'status':'succeeded'}",
            "{'status':1}",
            "{'created_at':'x'}",
            "{'finished_at':'x'}",
            "{'exit_code':0}",
            "{'reason':'x'}"
        }) {
            assertRefused(Code.INVALID_BODY, () -> create(body));
        }
        assertRefused(Code.INVALID_BODY, () -> rules.keyOf(command(Verb.CREATE, "{'id':7}")));
    }

    @Test
    void aStatusFromOutsideIsMergedIntoTheDeploy() {
        Decision decision = patch("{'status':'running','progress':50}");
        assertEquals(elsewhere().put("progress", 50), decision.body());
        assertEquals(new EventType("deploy_status"), onlyDraft(decision).type());
        assertEquals(Optional.of("a"), onlyDraft(decision).key());
        assertEquals(decision.body(), onlyDraft(decision).data().object());
    }

    @Test
    void aFinalStatusSaysWhen() {
        for (String status : List.of("succeeded", "failed", "cancelled")) {
            JsonObject deploy = patch("{'status':'" + status + "','exit_code':3,'reason':'disk'}")
                    .body();
            assertEquals(
                    elsewhere()
                            .put("status", status)
                            .put("exit_code", 3)
                            .put("reason", "disk")
                            .put("finished_at", NOW),
                    deploy);
        }
    }

    @Test
    void aPatchOfTheWrongShapeIsRefused() {
        for (String body : new String[] {
            "{}",
            "{'status':'done'}",
            "{'status':1}",
            "{'status':'failed','exit_code':'1'}",
            "{'status':'failed','exit_code':1.5}",
            "{'status':'failed','id':'b'}",
            "{'status':'failed','recipe':'demo'}",
            "{'status':'failed','created_at':'x'}",
            "{'status':'failed','finished_at':'x'}",
            "{'status':'failed','reason':1}",
            "{'status':'failed','name':1}"
        }) {
            assertRefused(Code.INVALID_BODY, () -> patch(body));
        }
    }

    @Test
    void aDeployDoesNotGrowForEver() {
        JsonObject large = new JsonObject().put("status", "running").put("more", "x".repeat(1 << 20));
        assertRefused(
                Code.PAYLOAD_TOO_LARGE,
                () -> rules.decide(new Command(Verb.PATCH, "a", large), "a", Optional.of(elsewhere())));
    }

    @Test
    void aFinishedDeployDoesNotChange() {
        JsonObject finished = elsewhere().put("status", "succeeded");
        for (Verb verb : new Verb[] {Verb.PATCH, Verb.ADD, Verb.DELETE}) {
            assertRefused(
                    Code.CONFLICT,
                    () -> rules.decide(command(verb, "{'status':'failed','line':'x'}"), "a", Optional.of(finished)));
        }
    }

    @Test
    void nobodySpeaksForAProgramThatRunsHere() {
        JsonObject here = elsewhere().put("recipe", "demo");
        for (Verb verb : new Verb[] {Verb.PATCH, Verb.ADD}) {
            assertRefused(
                    Code.CONFLICT,
                    () -> rules.decide(command(verb, "{'status':'failed','line':'x'}"), "a", Optional.of(here)));
        }
    }

    @Test
    void aDeployThatIsNotThereIsNotFound() {
        for (Verb verb : new Verb[] {Verb.PATCH, Verb.ADD, Verb.DELETE}) {
            assertRefused(Code.NOT_FOUND, () -> rules.decide(command(verb, "{}"), "a", Optional.empty()));
        }
    }

    @Test
    void putIsNotKnown() {
        assertRefused(
                Code.METHOD_NOT_ALLOWED, () -> rules.decide(command(Verb.PUT, "{}"), "a", Optional.of(elsewhere())));
    }

    @Test
    void aDeployElsewhereIsCancelled() {
        Decision decision = rules.decide(command(Verb.DELETE, "{}"), "a", Optional.of(elsewhere()));
        assertEquals(
                elsewhere().put("status", "cancelled").put("finished_at", NOW).put("reason", "request"),
                onlyDraft(decision).data().object());
        assertEquals(200, decision.status());
    }

    @Test
    void aPostedLineIsALogEventWithoutKey() {
        Decision decision = add("{'line':'hello','stream':'stderr','time':'2026-07-01T14:00:00+02:00'}");
        Draft draft = onlyDraft(decision);
        assertEquals(new Topic("deploys/a"), draft.topic());
        assertEquals(new EventType("deploy_log"), draft.type());
        assertEquals(Optional.empty(), draft.key());
        assertEquals(
                json("{'deploy_id':'a','stream':'stderr','line':'hello','time':'2026-07-01T12:00:00Z'}"),
                draft.data().object());
        assertEquals(elsewhere(), decision.body());
    }

    @Test
    void linesComeAsTextOrAsObjects() {
        assertEquals(
                List.of("stdout a", "stdout b", "stderr c", "stdout "),
                lines(add("{'lines':['a\\nb\\r\\n',{'line':'c','stream':'stderr'},'']}")));
        assertEquals(NOW, onlyDraft(add("{'lines':['a']}")).data().object().getString("time"));
    }

    @Test
    void noLinesAreNoEvents() {
        assertEquals(List.of(), add("{'lines':[]}").drafts());
    }

    @Test
    void aPostedLineIsCutAsAProgramsIs() {
        JsonObject body = new JsonObject().put("line", "é".repeat(5000));
        JsonObject data = onlyDraft(rules.decide(new Command(Verb.ADD, "a", body), "a", Optional.of(elsewhere())))
                .data()
                .object();
        assertEquals("é".repeat(4096), data.getString("line"));
        assertTrue(data.getBoolean("truncated"));
    }

    @Test
    void linesOfTheWrongShapeAreRefused() {
        for (String body : new String[] {
            "{}",
            "{'line':null}",
            "{'line':1}",
            "{'line':'a','lines':[]}",
            "{'lines':'a'}",
            "{'lines':[1]}",
            "{'lines':[{'stream':'stdout'}]}",
            "{'line':'a','stream':'stdin'}",
            "{'line':'a','stream':2}",
            "{'line':'a','time':'yesterday'}",
            "{'line':'a','time':12}"
        }) {
            assertRefused(Code.INVALID_BODY, () -> add(body));
        }
    }

    @Test
    void aThousandLinesArePostedAtOnceAndNoMore() {
        JsonObject body = new JsonObject().put("line", "x\n".repeat(1000));
        assertEquals(
                1000,
                rules.decide(new Command(Verb.ADD, "a", body), "a", Optional.of(elsewhere()))
                        .drafts()
                        .size());
        body.put("line", "x\n".repeat(1001));
        assertRefused(
                Code.INVALID_BODY, () -> rules.decide(new Command(Verb.ADD, "a", body), "a", Optional.of(elsewhere())));
    }

    private Decision create(String body) {
        Command command = command(Verb.CREATE, body);
        return rules.decide(command, rules.keyOf(command), Optional.empty());
    }

    private Decision patch(String body) {
        return rules.decide(command(Verb.PATCH, body), "a", Optional.of(elsewhere()));
    }

    private Decision add(String body) {
        return rules.decide(command(Verb.ADD, body), "a", Optional.of(elsewhere()));
    }

    private static List<String> lines(Decision decision) {
        return decision.drafts().stream()
                .map(draft -> draft.data().object())
                .map(data -> data.getString("stream") + ' ' + data.getString("line"))
                .toList();
    }

    private static JsonObject elsewhere() {
        return json("{'id':'a','name':'A','status':'running','created_at':'2026-07-01T11:00:00Z'}");
    }

    private static Command command(Verb verb, String body) {
        return new Command(verb, verb == Verb.CREATE ? "" : "a", json(body));
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    private static Draft onlyDraft(Decision decision) {
        assertEquals(1, decision.drafts().size());
        return decision.drafts().get(0);
    }

    private static void assertRefused(Code code, org.junit.jupiter.api.function.Executable action) {
        assertEquals(
                code, assertThrows(ProblemException.class, action).problem().code());
    }
}
