package io.tidegate.kind.recipe;

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
 * Everything that one run started: its program with all descendants, and, where {@code /proc} tells, each process that
 * carries the run's id and home in its environment. A process whose parent has ended is nobody's descendant any more, and
 * after a crash of the gateway none is; the environment is inherited all the same. Java makes no process groups, and a
 * group would not hold a process that makes one of its own.
 */
final class ProcessTree {

    /** Between the request to end and the end by force. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration FORCE = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN_MS = 20;
    /** How many looks in a row have to find nothing: one may fall between the end of a parent and the birth of its child. */
    private static final int LOOKS = 2;

    /** How often the environment of a process is read, a millisecond apart, until it has one. */
    private static final int READINGS = 10;

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

    /** What a gateway that is gone left behind of a run. */
    static ProcessTree leftOf(String id, Path home) {
        return new ProcessTree(Optional.empty(), id, home);
    }

    /**
     * Sends SIGTERM to all, and SIGKILL to those that live after {@link #GRACE}. Blocks until none is left, at most some
     * seconds; a second caller waits for the first.
     *
     * @return whether none is left
     */
    synchronized boolean end() throws InterruptedException {
        Set<ProcessHandle> living = living();
        living.forEach(ProcessHandle::destroy);
        long began = System.nanoTime();
        long limit = GRACE.plus(FORCE).toNanos();
        int none = living.isEmpty() ? 1 : 0;
        while (none < LOOKS && System.nanoTime() - began < limit) {
            Thread.sleep(LOOK_AGAIN_MS);
            living = living();
            none = living.isEmpty() ? none + 1 : 0;
            if (System.nanoTime() - began >= GRACE.toNanos()) {
                // Again and again, because each look may find children born since the last.
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
     * A process that replaces its program has no environment while it does so, and is looked at again.
     *
     * @throws IOException when it cannot be read, or has neither an environment nor a program, as one that has ended
     */
    private static byte[] environment(ProcessHandle process) throws IOException {
        Path folder = Path.of("/proc", Long.toString(process.pid()));
        byte[] variables = Files.readAllBytes(folder.resolve("environ"));
        for (int i = 1; variables.length == 0 && i < READINGS; i++) {
            Files.readSymbolicLink(folder.resolve("exe"));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            variables = Files.readAllBytes(folder.resolve("environ"));
        }
        return variables;
    }
}
