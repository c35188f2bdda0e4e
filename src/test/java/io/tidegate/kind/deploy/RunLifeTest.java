package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Verb;
import io.tidegate.kind.Outcome;
import io.tidegate.problem.Code;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests the start of a program, its environment and its end. */
class RunLifeTest extends WithNode {

    private static final JsonObject NOTHING = new JsonObject();
    /** A script that ignores SIGTERM, prints its process id and waits. */
    private static final String STUBBORN = "trap '' TERM; echo $$; echo up; while :; do sleep 0.1; done";

    @Test
    void theExitCodeBecomesTheStatus() throws IOException {
        node.script("good", "exit 0").script("bad", "exit 7").start();
        JsonObject good = node.runToEnd("good");
        assertEquals("succeeded", good.getString("status"));
        assertEquals(0, good.getInteger("exit_code"));
        JsonObject bad = node.runToEnd("bad");
        assertEquals("failed", bad.getString("status"));
        assertEquals(7, bad.getInteger("exit_code"));
        assertFalse(bad.containsKey("reason"));
        assertEquals("bad", bad.getString("recipe"));
        assertFalse(Instant.parse(bad.getString("finished_at")).isBefore(Instant.parse(bad.getString("created_at"))));
    }

    @Test
    void theAnswerToACreationIsTheRunningDeploy() throws IOException {
        node.script("wait", "exec sleep 60").start();
        Outcome.Done done = node.done(Verb.CREATE, "", recipe("wait").put("name", "Web"));
        assertEquals(201, done.status());
        assertEquals("running", done.body().getString("status"));
        assertEquals("Web", done.body().getString("name"));
        assertEquals(done.body(), node.latest(done.key()));
    }

    @Test
    void theEnvironmentIsScrubbed() throws IOException {
        node.recipe("env", Duration.ofMinutes(1), "env").start();
        String id = node.run("env");
        node.end(id);
        String home = node.directory(id).toString();
        assertEquals(
                Set.of(
                        "PATH=" + System.getenv("PATH"),
                        "LANG=C.UTF-8",
                        "HOME=" + home,
                        "TMPDIR=" + home,
                        "TIDEGATE_DEPLOY_ID=" + id),
                new TreeSet<>(node.lines(id)));
    }

    @Test
    void nothingOfTheRequestReachesTheCommand() throws IOException {
        node.script("args", "echo $# \"$@\"");
        node.recipe("args", Duration.ofMinutes(1), node.data.resolve("args.sh").toString(), "a b", "$(id)")
                .start();
        JsonObject body = recipe("args")
                .put("command", new JsonArray().add("rm"))
                .put("args", new JsonArray().add("--force"))
                .put("name", "; rm -rf /");
        String id = node.done(Verb.CREATE, "", body).key();
        node.end(id);
        assertEquals(List.of("2 a b $(id)"), node.lines(id));
    }

    @Test
    void standardInputIsEmpty() throws IOException {
        node.script("cat", "cat; echo end").start();
        String id = node.run("cat");
        assertEquals("succeeded", node.end(id).getString("status"));
        assertEquals(List.of("end"), node.lines(id));
    }

    @Test
    void eachRunHasADirectoryThatGoesWithIt() throws IOException {
        node.script("pwd", "pwd -P; mkdir -p a/b; echo x > a/b/c; ln -s / root; ls -A | wc -l")
                .start();
        String id = node.run("pwd");
        node.end(id);
        assertEquals(node.data.toRealPath() + "/deploys/" + id, node.lines(id).get(0));
        assertFalse(Files.exists(node.directory(id)));
        assertTrue(Files.exists(Path.of("/proc")));
    }

    @Test
    void aProgramThatIsNotThereIsAFailedDeploy() {
        node.recipe("absent", Duration.ofMinutes(1), "./no-such-program").start();
        JsonObject end = node.runToEnd("absent");
        assertEquals("failed", end.getString("status"));
        assertEquals("not started", end.getString("reason"));
        assertFalse(end.containsKey("exit_code"));
        assertFalse(Files.exists(node.directory(end.getString("id"))));
    }

    @Test
    void aDirectoryThatIsThereAlreadyIsNotUsed() throws IOException {
        node.script("one", "echo hello").start();
        Path kept = Files.createDirectories(node.directory("mine")).resolve("file");
        Files.writeString(kept, "kept");
        node.done(Verb.CREATE, "", recipe("one").put("id", "mine"));
        assertEquals("not started", node.end("mine").getString("reason"));
        assertEquals("kept", Files.readString(kept));
    }

    @Test
    void theTimeLimitEndsTheProgramAndWhatItStarted() throws IOException {
        node.script("limit", Duration.ofMillis(700), "sh -c \"" + STUBBORN.replace("$", "\\$") + "\" & echo $$; wait")
                .start();
        String id = node.run("limit");
        JsonObject end = node.end(id);
        assertEquals("failed", end.getString("status"));
        assertEquals("time limit", end.getString("reason"));
        assertEquals(143, end.getInteger("exit_code"));
        List<Long> pids = pids(id);
        assertEquals(2, pids.size());
        for (long pid : pids) {
            Node.assertGone(pid);
        }
    }

    @Test
    void whatAProgramLeavesRunningEndsWithIt() throws IOException {
        node.script("orphan", "(" + STUBBORN.replace("$$", "$(exec sh -c 'echo $PPID')") + ") & sleep 0.3; echo over")
                .start();
        String id = node.run("orphan");
        JsonObject end = node.end(id);
        assertEquals("succeeded", end.getString("status"));
        assertEquals(1, pids(id).size());
        Node.assertGone(pids(id).get(0));
    }

    /** While a process replaces its program, it briefly has no environment by which it could be identified. */
    @Test
    void aProcessThatReplacesItsProgramAllTheTimeEndsToo() throws IOException {
        String again = "export again='trap \"\" TERM; exec sh -c \"$again\"'; ";
        node.script("restless", again + "sh -c \"$again\" & echo $!; sleep 0.3; echo over")
                .start();
        String id = node.run("restless");
        JsonObject end = node.end(id);
        assertEquals("succeeded", end.getString("status"));
        Node.assertGone(pids(id).get(0));
    }

    @Test
    void aProcessThatHidesCannotHoldADeployOpen() throws IOException {
        node.script("hides", "(env -i sleep 20 & echo $!); echo over").start();
        String id = node.run("hides");
        JsonObject end = node.end(id);
        assertEquals("succeeded", end.getString("status"));
        assertTrue(node.lines(id).contains("over"));
        assertTrue(ProcessHandle.of(pids(id).get(0)).orElseThrow().destroyForcibly());
    }

    @Test
    void aCancelEndsAProgramEvenOneThatWillNot() throws IOException {
        node.script("stubborn", STUBBORN).start();
        String id = node.run("stubborn");
        node.awaitLine(id, "up");
        Outcome.Done done = node.done(Verb.DELETE, id, NOTHING);
        assertEquals(200, done.status());
        assertEquals("cancelled", done.body().getString("status"));
        assertEquals("request", done.body().getString("reason"));
        assertEquals(137, done.body().getInteger("exit_code"));
        assertEquals(done.body(), node.latest(id));
        Node.assertGone(pids(id).get(0));
        assertEquals(Code.CONFLICT, node.refused(Verb.DELETE, id, NOTHING));
    }

    @Test
    void nobodySpeaksForAProgramThatRunsHere() throws IOException {
        node.script("wait", "exec sleep 60").start();
        String id = node.run("wait");
        assertEquals(Code.CONFLICT, node.refused(Verb.PATCH, id, new JsonObject().put("status", "succeeded")));
        assertEquals(Code.CONFLICT, node.refused(Verb.ADD, id, new JsonObject().put("line", "mine")));
        assertEquals("running", node.latest(id).getString("status"));
        assertEquals(List.of(), node.log(id));
    }

    @Test
    void noMoreRunThanConfiguredAndAPlaceIsFreeAgainAfterwards() throws IOException {
        node.script("wait", "exec sleep 60").maxRuns(2).start();
        String first = node.run("wait");
        String second = node.run("wait");
        assertEquals(Code.TOO_MANY_RUNS, node.refused(Verb.CREATE, "", recipe("wait")));
        assertEquals(
                201,
                node.done(Verb.CREATE, "", new JsonObject()).status(),
                "deploys of other services are not limited");
        assertEquals(200, node.done(Verb.DELETE, first, NOTHING).status());
        String third = node.run("wait");
        assertEquals(
                Set.of("running", "cancelled"),
                Set.of(
                        node.latest(second).getString("status"),
                        node.latest(first).getString("status")));
        assertEquals("running", node.latest(third).getString("status"));
    }

    @Test
    void aRefusedCreationTakesNoPlace() throws IOException {
        node.script("wait", "exec sleep 60").maxRuns(1).start();
        node.done(Verb.CREATE, "", new JsonObject().put("id", "taken"));
        assertEquals(Code.CONFLICT, node.refused(Verb.CREATE, "", recipe("wait").put("id", "taken")));
        assertEquals(
                Code.INVALID_BODY, node.refused(Verb.CREATE, "", recipe("wait").put("exit_code", 1)));
        assertEquals(Code.UNKNOWN_RECIPE, node.refused(Verb.CREATE, "", recipe("other")));
        node.journal.refuse("deploy_created", 1);
        assertEquals(Code.STORAGE_UNAVAILABLE, node.refused(Verb.CREATE, "", recipe("wait")));
        assertEquals(201, node.done(Verb.CREATE, "", recipe("wait")).status());
    }

    @Test
    void theSameIdTwiceAtTheSameTimeIsOneRun() throws IOException {
        node.script("wait", "exec sleep 60").start();
        List<Future<Outcome>> both = List.of(
                node.send(Verb.CREATE, "", recipe("wait").put("id", "same")),
                node.send(Verb.CREATE, "", recipe("wait").put("id", "same")));
        assertTrue(Node.await(both.get(0)) instanceof Outcome.Done);
        assertTrue(Node.await(both.get(1)) instanceof Outcome.Refused);
    }

    /** Returns the process ids among the lines. */
    private List<Long> pids(String id) {
        List<Long> pids = new ArrayList<>();
        for (String line : node.lines(id)) {
            if (line.matches("\\d+")) {
                pids.add(Long.parseLong(line));
            }
        }
        return pids;
    }

    private static JsonObject recipe(String name) {
        return new JsonObject().put("recipe", name);
    }
}
