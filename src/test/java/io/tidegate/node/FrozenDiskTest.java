package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.LoopDisk;
import io.tidegate.fixture.Needs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the shutdown of a node whose disk does not respond. */
@Timeout(120)
@Needs({"kill", "mount"})
class FrozenDiskTest {

    @Test
    void theShutdownIsBoundedStatesTheReasonAndFails(@TempDir Path folder) throws Exception {
        try (LoopDisk disk = LoopDisk.mount(folder.resolve("data"));
                ChildNode node = ChildNode.start(folder, ":", List.of(), "--set", "shutdown.time-limit=6s")) {
            disk.freeze();
            var ignored = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/api/events"))
                                    .header("Authorization", "Bearer " + node.publisher())
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"topic\":\"a\",\"type\":\"n\",\"data\":1}"))
                                    .build(),
                            BodyHandlers.discarding());
            node.signal("TERM");
            node.awaitLog("event=stopping");
            long began = System.nanoTime();
            String reason = node.awaitLog("tidegate: the shutdown is incomplete: ");
            assertTrue(reason.endsWith("the disk of data does not respond"), reason);
            assertTrue(System.nanoTime() - began < Duration.ofSeconds(20).toNanos());
            // The kernel cannot terminate a process until the write it is waiting for has returned.
            disk.thaw();
            assertEquals(1, node.awaitExit());
        }
    }
}
