package io.tidegate.adapter.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the configuration of watches, the resolution of secrets and the polling schedule. */
class WatchOptionsTest {

    private static Watch with(Map<String, String> headers) {
        return with(headers, List.of());
    }

    private static Watch with(Map<String, String> headers, List<String> ignore) {
        return new Watch(
                Kind.SESSIONS,
                "/",
                "/list",
                Duration.ofSeconds(1),
                "",
                "",
                Duration.ofSeconds(1),
                1 << 20,
                headers,
                ignore,
                false);
    }

    private static String refusal(Runnable constructor) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, constructor::run).getMessage());
    }

    @Test
    void theKeyIsTheKindsOwnUnlessSaid() {
        assertEquals("part_number", new Watch(Kind.ITEMS, "/", "/items").key());
    }

    @Test
    void whatCannotWorkIsRefusedWithItsKey() {
        assertTrue(refusal(() -> new Watch(Kind.OTHER, "/", "/x")).startsWith("kind "));
        assertTrue(refusal(() -> new Watch(Kind.ITEMS, "/", "x")).startsWith("path "));
        assertTrue(refusal(() -> new Watch(Kind.ITEMS, "/", "/x y")).startsWith("path "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", "$.a", "a[0]", "id"})
    void whatCannotBeIgnoredIsRefused(String name) {
        assertTrue(refusal(() -> with(Map.of(), List.of("last_seen", name))).startsWith("ignore "));
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization, Bearer abc",
        "cookie, session=1",
        "X-Plain, ${env:HOME",
        "X-Plain, ${vault:x}",
        "X Plain, a",
        "X-Plain, ä"
    })
    void aHeaderThatShowsASecretOrIsNoneIsRefused(String name, String value) {
        String refusal = refusal(() -> with(Map.of(name, value)));
        assertTrue(refusal.startsWith("headers"), refusal);
    }

    @Test
    void secretsAreReadFromTheEnvironmentAndFromFiles(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("secret");
        Files.writeString(file, "  hush $1 \n");
        assertEquals("Bearer hush $1!", Secrets.resolve("Bearer ${file:" + file + "}!"));
        assertEquals(System.getenv("PATH"), Secrets.resolve("${env:PATH}"));
        assertEquals("plain", Secrets.resolve("plain"));
    }

    @Test
    void aSecretThatIsMissingIsNamedWithItsKey(@TempDir Path folder) throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        Watch watch = with(Map.of("a", "${env:NO_SUCH_VARIABLE}", "b", "${file:" + empty + "}", "c", "${env:PATH}"));
        assertEquals(
                List.of(
                        "watches[1].headers.a: the environment variable NO_SUCH_VARIABLE is missing, empty or not"
                                + " printable ASCII",
                        "watches[1].headers.b: cannot read a secret from the file " + empty),
                Secrets.missing(List.of(new Watch(Kind.ITEMS, "/", "/x"), watch)));
    }

    @Test
    void pollsKeepToTheScheduleAndLeaveOutWhatHasPassed() {
        PollSchedule schedule = new PollSchedule(1_000, 500, () -> 1);
        assertEquals(1_000, schedule.afterSuccess(500));
        assertEquals(990, schedule.afterSuccess(510));
        assertEquals(1, schedule.afterSuccess(1_499));
        assertEquals(700, schedule.afterSuccess(3_800));
    }

    @Test
    void anOriginThatFailsIsAskedLessAndLessOften() {
        long second = 1_000_000_000L;
        PollSchedule schedule = new PollSchedule(second, 0, () -> 1);
        assertEquals(2 * second, schedule.afterFailure());
        assertEquals(4 * second, schedule.afterFailure());
        for (int i = 0; i < 100; i++) {
            assertTrue(schedule.afterFailure() <= 30 * second);
        }
        assertEquals(30 * second, schedule.afterFailure());
        assertEquals(103, schedule.failures());
        schedule.afterSuccess(second);
        assertEquals(2 * second, schedule.afterFailure());
        assertEquals(
                1 * second, new PollSchedule(second, 0, () -> 0).afterFailure(), "the jitter reaches down to a half");
        PollSchedule rare = new PollSchedule(60 * second, 0, () -> 1);
        assertEquals(60 * second, rare.afterFailure());
    }
}
