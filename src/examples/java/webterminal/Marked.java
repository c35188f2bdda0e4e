package webterminal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds and kills the processes of a session, which are marked by an environment variable that every process passes on
 * to its children. This also finds processes that have left their terminal, process group and parent. The methods
 * block.
 */
final class Marked {

    static final String VARIABLE = "WEB_TERMINAL_SESSION";

    /**
     * The number of consecutive scans that must find nothing. A single scan can miss a process that is just being
     * started by a parent that is ending.
     */
    private static final int EMPTY_SCANS = 2;

    /** The maximum number of times that an empty environment is read. */
    private static final int MAX_READS = 10;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String mark;

    Marked(String session) {
        this.mark = '\0' + VARIABLE + '=' + session + '\0';
    }

    boolean isEmpty() {
        return processes().isEmpty();
    }

    /** Kills processes until none are found, because they may start others during a scan. */
    void kill() {
        for (int emptyScans = 0; emptyScans < EMPTY_SCANS; LockSupport.parkNanos(PAUSE_NANOS)) {
            List<ProcessHandle> found = processes();
            found.forEach(ProcessHandle::destroyForcibly);
            emptyScans = found.isEmpty() ? emptyScans + 1 : 0;
        }
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::belongs).toList();
    }

    /** Returns whether a process is marked. A zombie is not, because it has no environment. */
    private boolean belongs(ProcessHandle process) {
        try {
            return ('\0' + new String(environment(process), ISO_8859_1)).contains(mark);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    /**
     * Returns the environment of a process. If the environment is empty, which is briefly the case while a process
     * replaces its program, it is read again.
     *
     * @throws IOException if the environment cannot be read, or if the process has neither an environment nor a program
     *     because it has ended
     */
    private static byte[] environment(ProcessHandle process) throws IOException {
        Path folder = Path.of("/proc", Long.toString(process.pid()));
        byte[] environment = Files.readAllBytes(folder.resolve("environ"));
        for (int i = 1; environment.length == 0 && i < MAX_READS; i++) {
            Files.readSymbolicLink(folder.resolve("exe"));
            LockSupport.parkNanos(PAUSE_NANOS);
            environment = Files.readAllBytes(folder.resolve("environ"));
        }
        return environment;
    }
}
