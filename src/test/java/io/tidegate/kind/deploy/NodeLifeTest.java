package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.tidegate.event.Verb;
import io.tidegate.kind.Outcome;
import io.tidegate.problem.Code;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests deploys across a restart of the gateway, and deploys that other services run. */
class NodeLifeTest extends WithNode {

    private static final JsonObject NOTHING = new JsonObject();

    @Test
    void aStopEndsTheProgramsAndSaysSoBeforeItIsDone() throws IOException {
        node.script("wait", "echo $$; echo up; sleep 60 & wait").start();
        String first = node.run("wait");
        String second = node.run("wait");
        node.awaitLine(first, "up");
        node.awaitLine(second, "up");
        Node.await(node.undeploy());
        for (String id : List.of(first, second)) {
            assertEquals("cancelled", node.latest(id).getString("status"));
            assertEquals("shutdown", node.latest(id).getString("reason"));
            Node.assertGone(Long.parseLong(node.lines(id).get(0)));
            assertFalse(Files.exists(node.directory(id)));
        }
    }

    @Test
    void nothingStartsDuringAStop() throws IOException {
        node.script("stubborn", "trap 'echo asked' TERM; echo up; while :; do sleep 0.1; done")
                .start();
        String id = node.run("stubborn");
        node.awaitLine(id, "up");
        Future<Void> stopped = node.undeploy();
        node.awaitLine(id, "asked");
        assertEquals(Code.DRAINING, node.refused(Verb.CREATE, "", new JsonObject().put("recipe", "stubborn")));
        Node.await(stopped);
        assertEquals(137, node.latest(id).getInteger("exit_code"));
    }

    @Test
    void aCancelThatTheJournalCannotTakeYetIsAcceptedAndTheNextStartClosesTheDeploy() throws IOException {
        node.script("wait", "echo $$; echo up; exec sleep 60").start();
        String id = node.run("wait");
        node.awaitLine(id, "up");
        node.journal.refuse("deploy_status", Integer.MAX_VALUE);
        Outcome.Done done = node.done(Verb.DELETE, id, NOTHING);
        assertEquals(202, done.status());
        assertEquals("running", done.body().getString("status"));
        Node.assertGone(Long.parseLong(node.lines(id).get(0)));
        Node.await(node.undeploy());
        node.journal.refuse("", 0);
        node.start();
        assertEquals("interrupted", node.latest(id).getString("reason"));
    }

    @Test
    void aStopOfAnIdleNodeIsImmediate() {
        node.start();
        Node.await(node.undeploy());
        assertEquals(0, node.journal.head().offset());
    }

    @Test
    void aRunCutOffByACrashIsClosedAtTheNextStart() throws Exception {
        Path directory = Files.createDirectories(node.directory("cut"));
        Files.writeString(directory.resolve("file"), "x");
        ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().clear();
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("TIDEGATE_DEPLOY_ID", "cut");
        Process survivor = builder.start();
        created("cut", new JsonObject().put("recipe", "demo").put("name", "Web"));
        node.start();
        JsonObject end = node.end("cut");
        assertEquals("failed", end.getString("status"));
        assertEquals("interrupted", end.getString("reason"));
        assertEquals("Web", end.getString("name"));
        assertTrue(end.containsKey("finished_at"));
        assertTrue(survivor.waitFor(10, TimeUnit.SECONDS), "the program outlived its gateway and its deploy");
        assertFalse(Files.exists(directory));
    }

    @Test
    void aRunThatHasFinishedOrIsElsewhereIsNotTouchedAtTheStart() throws IOException {
        created("elsewhere", new JsonObject());
        created("over", new JsonObject().put("recipe", "demo").put("status", "failed"));
        Path theirs = Files.createDirectories(node.directory("elsewhere"));
        node.start();
        assertEquals("running", node.latest("elsewhere").getString("status"));
        assertFalse(node.latest("over").containsKey("reason"));
        assertTrue(Files.exists(theirs));
    }

    @Test
    void whatOthersPublishAsADeployCannotRemoveAFolder() throws IOException {
        Path outside = Files.createDirectories(node.data.resolve("precious"));
        JsonObject forged =
                new JsonObject().put("id", "../precious").put("recipe", "demo").put("status", "running");
        node.append(Draft.of("deploys/x", "deploy_created", "../precious", JsonText.of(forged)));
        node.append(Draft.of("deploys/y", "deploy_created", "y", JsonText.of(forged)));
        node.append(Draft.of("deploys/z", "deploy_created", "z", JsonText.parse("[1]")));
        node.start();
        assertTrue(Files.exists(outside));
        assertEquals(3, node.journal.head().offset());
    }

    @Test
    void aStartGoesOnWhenTheJournalRefuses() throws IOException {
        created("cut", new JsonObject().put("recipe", "one"));
        node.journal.refuse("deploy_status", 1);
        node.script("one", "echo hello").start();
        assertEquals("running", node.latest("cut").getString("status"));
        assertEquals("succeeded", node.runToEnd("one").getString("status"));
        assertEquals(200, node.done(Verb.DELETE, "cut", NOTHING).status(), "a deploy without a process can be closed");
        assertEquals("cancelled", node.latest("cut").getString("status"));
    }

    @Test
    void aDeployElsewhereLivesByWhatIsPosted() {
        node.start();
        node.done(Verb.CREATE, "", new JsonObject().put("id", "web-7").put("name", "Web"));
        node.done(
                Verb.ADD,
                "web-7",
                new JsonObject().put("lines", new JsonArray().add("one").add("two")));
        node.done(Verb.PATCH, "web-7", new JsonObject().put("status", "running").put("progress", 50));
        node.done(Verb.ADD, "web-7", new JsonObject().put("line", "three").put("stream", "stderr"));
        node.done(
                Verb.PATCH, "web-7", new JsonObject().put("status", "succeeded").put("exit_code", 0));
        JsonObject end = node.end("web-7");
        assertEquals(List.of("one", "two", "three"), node.lines("web-7"));
        assertEquals("succeeded", end.getString("status"));
        assertEquals("Web", end.getString("name"));
        assertEquals(50, end.getInteger("progress"));
        assertEquals(
                List.of("deploy_created", "deploy_log", "deploy_log", "deploy_status", "deploy_log", "deploy_status"),
                node.types("web-7"));
        assertEquals(Code.CONFLICT, node.refused(Verb.ADD, "web-7", new JsonObject().put("line", "late")));
        assertEquals(Code.CONFLICT, node.refused(Verb.PATCH, "web-7", new JsonObject().put("status", "failed")));
        assertEquals(Code.CONFLICT, node.refused(Verb.DELETE, "web-7", NOTHING));
    }

    @Test
    void aDeployElsewhereIsCancelledByItsStatusAlone() {
        node.start();
        String id = node.done(Verb.CREATE, "", NOTHING).key();
        assertEquals(200, node.done(Verb.DELETE, id, NOTHING).status());
        assertEquals("cancelled", node.end(id).getString("status"));
        assertEquals(Code.NOT_FOUND, node.refused(Verb.DELETE, "other", NOTHING));
    }

    private void created(String id, JsonObject fields) {
        JsonObject deploy = new JsonObject()
                .put("id", id)
                .put("status", "running")
                .put("created_at", "2026-07-01T12:00:00Z")
                .mergeIn(fields);
        node.append(Draft.of("deploys/" + id, "deploy_created", id, JsonText.of(deploy)));
    }
}
