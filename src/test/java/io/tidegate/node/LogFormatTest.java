package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tests the format of the log, read from the stderr of a child process. */
class LogFormatTest {

    @Test
    void anEventIsOneLineWhateverIsInIt() throws Exception {
        List<String> lines = stderr("info");
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(
                lines.get(0)
                        .matches("[0-9-]{10}T[0-9:.]{12}Z INFO  LogFormatTest\\$Child"
                                + " event=test value=a\\\\r\\\\nINFO forged\\?\\[2J"),
                lines.get(0));
        assertTrue(
                lines.get(1)
                        .matches(".* ERROR LogFormatTest\\$Child"
                                + " event=failed java\\.lang\\.IllegalStateException: x\\\\nat .*"),
                lines.get(1));
    }

    @Test
    void theVariableSetsTheLevel() throws Exception {
        assertEquals(List.of(), stderr("off"));
        assertEquals(3, stderr("debug").size());
    }

    private static List<String> stderr(String level) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName());
        builder.environment().put("TIDEGATE_LOG", level);
        Process process = builder.start();
        String text = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertEquals(0, process.getInputStream().readAllBytes().length);
        return text.lines().toList();
    }

    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Logger log = LoggerFactory.getLogger(Child.class);
            log.debug("event=detail");
            log.info("event=test value={}", "a\r\nINFO forged\u001b[2J");
            log.error("event=failed", new IllegalStateException("x"));
            LoggerFactory.getLogger("org.example.Other").info("not ours");
        }
    }
}
