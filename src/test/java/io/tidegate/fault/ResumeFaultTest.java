package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.EventStreamParser;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends the connection of a resumed stream after each of its first bytes. */
class ResumeFaultTest {

    @TempDir
    private Path folder;

    /**
     * If the stream sent the new position first, a disconnected EventSource would reconnect from there and never learn
     * of the gap.
     */
    @Test
    void noPartOfAnOpeningMovesTheReaderBeforeItWasToldOfTheGap() throws Exception {
        try (TestNode node = TestNode.start(folder);
                TestStream stream = node.stream("/api/events", "Last-Event-ID: other-7")) {
            assertEquals("gateway.resume", stream.next().type());
            byte[] opening = stream.body().getBytes(StandardCharsets.UTF_8);
            int notified = 0;
            for (int cut = 0; cut <= opening.length; cut++) {
                EventStreamParser parser = new EventStreamParser();
                List<Message> messages = parser.feed(Arrays.copyOf(opening, cut));
                notified += messages.isEmpty() ? 0 : 1;
                assertTrue(!messages.isEmpty() || parser.dispatches() == 0, "moved after " + cut + " bytes");
            }
            assertTrue(notified > 0, "no prefix contained gateway.resume");
        }
    }
}
