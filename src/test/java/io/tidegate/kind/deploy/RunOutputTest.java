package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that the journal contains exactly the output of a program. */
class RunOutputTest extends WithNode {

    @Test
    void tenThousandLinesArriveWholeAndInOrderBeforeTheStatus() throws IOException {
        node.script("many", "i=0; while [ $i -lt 10000 ]; do i=$((i+1)); echo \"line $i\"; done")
                .start();
        String id = node.run("many");
        assertEquals("succeeded", node.end(id).getString("status"));
        assertEquals(IntStream.rangeClosed(1, 10_000).mapToObj(i -> "line " + i).toList(), node.lines(id));
        assertEquals(
                IntStream.rangeClosed(1, 10_000).boxed().toList(),
                node.log(id).stream().map(line -> line.getInteger("n")).toList());
        List<String> types = node.types(id);
        assertEquals("deploy_created", types.get(0));
        assertEquals(10_001, types.indexOf("deploy_status"));
        assertEquals(10_002, types.size());
    }

    @Test
    void theTwoOutputsAreToldApart() throws IOException {
        node.script("both", "echo out1; echo err1 >&2; echo out2; echo err2 >&2")
                .start();
        String id = node.run("both");
        node.end(id);
        assertEquals(List.of("out1", "out2"), linesOf(id, "stdout"));
        assertEquals(List.of("err1", "err2"), linesOf(id, "stderr"));
    }

    @Test
    void aLineTellsWhichDeployItIsOfAndWhenItWasRead() throws IOException {
        Instant before = Instant.now().minusMillis(1);
        node.script("one", "echo hello").start();
        String id = node.run("one");
        node.end(id);
        JsonObject line = node.log(id).get(0);
        Instant time = Instant.parse(line.getString("time"));
        assertEquals(
                new JsonObject()
                        .put("deploy_id", id)
                        .put("n", 1)
                        .put("stream", "stdout")
                        .put("line", "hello")
                        .put("time", time.toString()),
                line);
        assertTrue(!time.isBefore(before) && !time.isAfter(Instant.now()));
    }

    @Test
    void aLineIsSeenWhileTheProgramRuns() throws IOException {
        node.script("slow", "echo first; exec sleep 60").start();
        String id = node.run("slow");
        node.awaitLine(id, "first");
        assertEquals("running", node.latest(id).getString("status"));
    }

    @Test
    void aLongLineIsCutAndSaysSo() throws IOException {
        node.script("long", "head -c 100000 /dev/zero | tr '\\0' x; echo; echo after")
                .start();
        String id = node.run("long");
        node.end(id);
        assertEquals(List.of("x".repeat(8192), "after"), node.lines(id));
        assertTrue(node.log(id).get(0).getBoolean("truncated"));
        assertFalse(node.log(id).get(1).containsKey("truncated"));
    }

    @Test
    void anyByteSurvivesAsTextInJson() throws IOException {
        node.script("bytes", "printf 'a\\377b\\nnul\\000tab\\t\\033[1m\"\\\\\\n50%%\\r100%%\\r\\nlast'")
                .start();
        String id = node.run("bytes");
        node.end(id);
        assertEquals(List.of("a\ufffdb", "nul\0tab\t\u001b[1m\"\\", "50%", "100%", "last"), node.lines(id));
    }

    @Test
    void aJournalThatRefusesForAWhileLosesNoLine() throws IOException {
        node.script("many", "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i; done")
                .start();
        node.journal.refuse("deploy_log", 3);
        String id = node.run("many");
        JsonObject end = node.end(id);
        assertEquals(0, node.journal.left());
        assertEquals("succeeded", end.getString("status"));
        assertFalse(end.containsKey("lost_lines"));
        assertEquals(IntStream.rangeClosed(1, 3000).mapToObj(Integer::toString).toList(), node.lines(id));
    }

    @Test
    void aJournalThatRefusesTheStatusIsAskedAgain() throws IOException {
        node.script("one", "echo hello").start();
        node.journal.refuse("deploy_status", 2);
        assertEquals("succeeded", node.runToEnd("one").getString("status"));
        assertEquals(0, node.journal.left());
    }

    @Test
    void linesGivenUpAtAStopAreCounted() throws IOException {
        node.script("two", "echo one; echo two; exec sleep 60").start();
        node.journal.refuse("deploy_log", Integer.MAX_VALUE);
        String id = node.run("two");
        Node.await(node.journal.refused());
        Node.await(node.undeploy());
        JsonObject end = node.latest(id);
        assertEquals("shutdown", end.getString("reason"));
        assertEquals(List.of(), node.lines(id));
        // The stop may happen before the program has printed both lines.
        int lost = end.getInteger("lost_lines");
        assertTrue(lost == 1 || lost == 2, end.encode());
    }

    private List<String> linesOf(String id, String stream) {
        return node.log(id).stream()
                .filter(line -> line.getString("stream").equals(stream))
                .map(line -> line.getString("line"))
                .toList();
    }
}
