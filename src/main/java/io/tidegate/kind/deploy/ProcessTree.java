package io.tidegate.kind.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All processes that a run has started: its program with all descendants and, if {@code /proc} is available, each
 * process that has the run's ID and home in its environment. The environment also identifies processes whose parent has
 * ended, which are no longer descendants of the program, and processes that have survived a crash of the gateway.
 * Process groups are not used, because Java cannot create them and a process can leave its group anyway.
 */
final class ProcessTree {

    /** The time between SIGTERM and SIGKILL. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration FORCE = Duration.ofSeconds(2);
    private static final long SCAN_INTERVAL_MS = 20;
    /**
     * The number of consecutive scans that must find no process. More than one is needed because a single scan can miss
     * a process that is just being started by a parent that is ending.
     */
    private static final int EMPTY_SCANS = 2;

    /** The maximum number of times that an empty environment is read, at intervals of one millisecond. */
    private static final int MAX_READS = 10;

    private final Optional<ProcessHandle> program;
    private final String idMark;
    private final String homeMark;

    private ProcessTree(Optional<ProcessHandle> program, String id, Path home) {
        this.program = program;
        this.idMark = '\0' + Child.ID_VARIABLE + '=' + id + '\0';
        this.homeMark = "\0HOME=" + home + '\0';
    }

    static ProcessTree of(ProcessHandle program, String id, Path home) {
        return new ProcessTree(Optional.of(program), id, home);
    }

    /** Returns the processes of a run that were left behind by an earlier gateway process. */
    static ProcessTree leftBehind(String id, Path home) {
        return new ProcessTree(Optional.empty(), id, home);
    }

    /**
     * Sends SIGTERM to all processes, and SIGKILL to those that are still alive after {@link #GRACE}. Blocks until no
     * process is left, but at most for the sum of {@link #GRACE} and {@link #FORCE}. A second caller waits for the
     * first.
     *
     * @return whether no process is left
     */
    synchronized boolean end() throws InterruptedException {
        Set<ProcessHandle> living = living();
        living.forEach(ProcessHandle::destroy);
        long began = System.nanoTime();
        long limit = GRACE.plus(FORCE).toNanos();
        int emptyScans = living.isEmpty() ? 1 : 0;
        while (emptyScans < EMPTY_SCANS && System.nanoTime() - began < limit) {
            Thread.sleep(SCAN_INTERVAL_MS);
            living = living();
            emptyScans = living.isEmpty() ? emptyScans + 1 : 0;
            if (System.nanoTime() - began >= GRACE.toNanos()) {
                // The signal is sent after each scan, because a scan may find processes that were started since the
                // previous one.
                living.forEach(ProcessHandle::destroyForcibly);
            }
        }
        return living.isEmpty();
    }

    private Set<ProcessHandle> living() {
        Stream<ProcessHandle> related = program.stream().flatMap(p -> Stream.concat(Stream.of(p), p.descendants()));
        return Stream.concat(related, ProcessHandle.allProcesses().filter(this::marked))
                .filter(ProcessHandle::isAlive)
                .collect(Collectors.toSet());
    }

    private boolean marked(ProcessHandle process) {
        try {
            String variables = '\0' + new String(environment(process), UTF_8);
            return variables.contains(idMark) && variables.contains(homeMark);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    /**
     * Returns the environment of a process. If the environment is empty, which is the case while a process replaces its
     * program, it is read again.
     *
     * @throws IOException if the environment cannot be read, or if the process has neither an environment nor a program
     *     because it has ended
     */
    private static byte[] environment(ProcessHandle process) throws IOException {
        Path folder = Path.of("/proc", Long.toString(process.pid()));
        byte[] variables = Files.readAllBytes(folder.resolve("environ"));
        for (int i = 1; variables.length == 0 && i < MAX_READS; i++) {
            Files.readSymbolicLink(folder.resolve("exe"));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            variables = Files.readAllBytes(folder.resolve("environ"));
        }
        return variables;
    }
}
