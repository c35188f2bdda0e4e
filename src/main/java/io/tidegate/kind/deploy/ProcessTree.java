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
 * All processes that one run started: its program with all descendants and, where {@code /proc} is available, each
 * process with the run's id and home in its environment. A process whose parent has ended is no longer a descendant of
 * the program, nor is any process after a crash of the gateway, but it still has the inherited environment. Java cannot
 * create process groups, and a process can leave its group anyway.
 */
final class ProcessTree {

    /** The time between SIGTERM and SIGKILL. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration FORCE = Duration.ofSeconds(2);
    private static final long SCAN_INTERVAL_MS = 20;
    /**
     * The number of consecutive scans that must find no process: one scan may fall between the end of a parent and the
     * start of its child.
     */
    private static final int EMPTY_SCANS = 2;

    /** The maximum number of times that an empty environment is read again, at intervals of a millisecond. */
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

    /** Returns the processes of a run that an earlier gateway process left behind. */
    static ProcessTree leftBehind(String id, Path home) {
        return new ProcessTree(Optional.empty(), id, home);
    }

    /**
     * Sends SIGTERM to all processes, and SIGKILL to those that are alive after {@link #GRACE}. Blocks until no process
     * is left, but at most for {@link #GRACE} and {@link #FORCE}; a second caller waits for the first.
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
                // The signal is repeated because each scan may find processes that were started since the last one.
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
     * Returns the environment of a process. Reads it again if it is empty, as it is while a process replaces its
     * program.
     *
     * @throws IOException if it cannot be read, or the process has neither an environment nor a program because it has
     *     ended
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
