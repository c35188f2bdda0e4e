package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Provides the random seed and the sizes of all scenarios, and writes the table of results. */
final class Kit {

    private static final Path TABLE = Path.of("target", "faults.txt");

    private Kit() {}

    /** Returns the random seed, set by {@code -Dfault.seed=}. */
    static long seed() {
        return Long.getLong("fault.seed", 20_260_701L);
    }

    static SplittableRandom random() {
        return new SplittableRandom(seed());
    }

    /**
     * Returns the size of a scenario: the short one in a normal test run, the long one with {@code -Dfault.long=true},
     * as in {@code src/test/faults}. A flag such as {@code -Dfault.rounds=1000} overrides both.
     */
    static int size(String name, int shortForm, int longForm) {
        return Integer.getInteger("fault." + name, Boolean.getBoolean("fault.long") ? longForm : shortForm);
    }

    /** Lets the load run for a while, because faults must happen at random times rather than at a particular event. */
    static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    static List<Publication> published(Collection<Publisher> publishers) {
        return publishers.stream()
                .flatMap(publisher -> publisher.log().stream())
                .toList();
    }

    static List<ReaderLog> logs(Collection<FaultReader> readers) {
        return readers.stream().map(FaultReader::log).toList();
    }

    /** Appends a scenario's line to the table, and fails if there are defects. */
    static void report(String scenario, Findings findings, String notes) throws IOException {
        String line = findings.line(scenario, "seed=" + seed() + " " + notes);
        Files.createDirectories(TABLE.toAbsolutePath().getParent());
        boolean first = !Files.exists(TABLE);
        Files.writeString(
                TABLE,
                (first ? Findings.HEAD + "\n" : "") + line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        assertTrue(findings.clean(), "\n" + Findings.HEAD + "\n" + line);
    }
}
