package io.tidegate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.TestNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    private record Run(int code, String out, String err) {}

    private final Path folder;

    BenchCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void anInstallationIsMeasuredWithTheKeyOfItsFolder() throws Exception {
        try (TestNode node = TestNode.start(folder)) {
            String url = "http://127.0.0.1:" + node.port();
            Run run = bench(
                    "--url",
                    url,
                    "--data",
                    folder.toString(),
                    "--streams",
                    "20",
                    "--events",
                    "30",
                    "--rate",
                    "200",
                    "--warm-up",
                    "5",
                    "--json",
                    "result.json");
            assertEquals(0, run.code(), run.err());
            assertEquals("", run.err());
            assertTrue(run.out().contains("delivered  600 of 600 in "), run.out());
            assertTrue(run.out().contains("lost 0, duplicates 0, out of order 0"), run.out());
            JsonObject written = new JsonObject(Files.readString(folder.resolve("result.json")));
            assertEquals(600, written.getJsonObject("delivered").getInteger("deliveries"));

            Run json = bench(
                    "--url",
                    url,
                    "--token",
                    node.publisher().replaceFirst(".* ", ""),
                    "--streams",
                    "4",
                    "--topics",
                    "2",
                    "--events",
                    "8",
                    "--in-flight",
                    "1",
                    "--json",
                    "-");
            assertEquals(0, json.code(), json.err());
            assertTrue(new JsonObject(json.out()).getBoolean("ok"));
        }
    }

    @Test
    void aRunThatCannotBeMeasuredFailsInALine() throws Exception {
        try (TestNode node = TestNode.start(folder)) {
            Run run = bench("--url", "http://127.0.0.1:" + node.port(), "--streams", "2");
            assertEquals(1, run.code());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(
                    run.err()
                            .startsWith(
                                    "tidegate: only 0 of 2 streams were opened; the others failed with: HTTP/1.1 401"),
                    run.err());
        }
    }

    @Test
    void optionsThatCannotBeAreTold() {
        for (String[] wrong : new String[][] {
            {"--url", "ftp://here"},
            {"--url", "here"},
            {"--streams", "0"},
            {"--streams", "many"},
            {"--streams", "5", "--topics", "6"},
            {"--events", "0"},
            {"--size", "29"},
            {"--rate", "0"},
            {"--in-flight", "0"},
            {"--body", "no place"},
            {"--path", "no/slash"},
            {"--publish-path", "no/slash"},
            {"--publish-path", "http:///nowhere"},
            {"--loops", "0"},
            {"--patience", "0s"},
            {"--token", "a\nb"},
            {"--pid", "999999999"},
        }) {
            Run run = bench(wrong);
            assertEquals(2, run.code(), String.join(" ", wrong));
            assertTrue(run.err().contains(wrong[wrong.length - 2]), String.join(" ", wrong) + ": " + run.err());
            assertEquals("", run.out());
        }
    }

    private Run bench(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                folder);
        String[] all = new String[arguments.length + 1];
        all[0] = "bench";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int code = Tidegate.execute(
                terminal,
                settings -> Future.failedFuture("not expected to start"),
                reload -> new CompletableFuture<>(),
                all);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
