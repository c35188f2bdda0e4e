package io.tidegate.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the heap memory that an open stream retains; {@code Stream} lists its parts. */
@Timeout(120)
class StreamMemoryTest {

    private static final int STREAMS = 1_000;
    private static final int FIRST = 100;
    private static final long MAX_BYTES = 5_000;
    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);

    @Test
    void aStreamKeepsLessThanFiveKilobytesAlive(@TempDir Path folder) throws Exception {
        try (ChildNode node = ChildNode.start(
                folder, "true", List.of("-Xmx256m", "-XX:+UseSerialGC"), "--set", "limits.streams.per-node=2000")) {
            List<Socket> streams = new ArrayList<>();
            try {
                // The first streams load classes and fill pools that all streams share.
                open(node, streams, FIRST);
                long before = live(node);
                open(node, streams, STREAMS);
                long each = (live(node) - before) / STREAMS;
                assertTrue(each < MAX_BYTES, "live bytes for each stream: " + each);
            } finally {
                for (Socket stream : streams) {
                    stream.close();
                }
            }
        }
    }

    private static void open(ChildNode node, List<Socket> streams, int count) throws IOException {
        String request = "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n"
                + node.viewer() + "\r\n\r\n";
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
            streams.add(socket);
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            String head = new String(socket.getInputStream().readNBytes(15), US_ASCII);
            assertEquals("HTTP/1.1 200 OK", head);
        }
    }

    /** Returns the total size of all reachable objects in bytes. */
    private static long live(ChildNode node) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(node.process().pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), US_ASCII);
        assertEquals(0, jcmd.waitFor(), histogram);
        Matcher total = TOTAL.matcher(histogram);
        assertTrue(total.find(), histogram);
        return Long.parseLong(total.group(1));
    }
}
