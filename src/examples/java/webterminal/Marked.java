package webterminal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of one session, known by a variable that each hands on to those it starts. So one is found that has left
 * its terminal, its group and its parent as well.
 */
final class Marked {

    static final String VARIABLE = "WEB_TERMINAL_SESSION";

    /** How many looks in a row have to find nothing: one may fall between the end of a parent and the birth of its child. */
    private static final int LOOKS = 2;

    /** How often the environment of a process is read until it has one. */
    private static final int READINGS = 10;

    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String mark;

    Marked(String session) {
        this.mark = '\0' + VARIABLE + '=' + session + '\0';
    }

    boolean none() {
        return processes().isEmpty();
    }

    /** Until there are none: while they are looked for they may start others. */
    void kill() {
        for (int none = 0; none < LOOKS; LockSupport.parkNanos(MOMENT_NANOS)) {
            List<ProcessHandle> found = processes();
            found.forEach(ProcessHandle::destroyForcibly);
            none = found.isEmpty() ? none + 1 : 0;
        }
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::bears).toList();
    }

    /** Not one that has ended and waits for its parent to notice: that one has no environment any more. */
    private boolean bears(ProcessHandle process) {
        try {
            return ('\0' + new String(environment(process), ISO_8859_1)).contains(mark);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    /** One that replaces its program has no environment while it does so, but it has a program. */
    private static byte[] environment(ProcessHandle process) throws IOException {
        Path folder = Path.of("/proc", Long.toString(process.pid()));
        byte[] environment = Files.readAllBytes(folder.resolve("environ"));
        for (int i = 1; environment.length == 0 && i < READINGS; i++) {
            Files.readSymbolicLink(folder.resolve("exe"));
            LockSupport.parkNanos(MOMENT_NANOS);
            environment = Files.readAllBytes(folder.resolve("environ"));
        }
        return environment;
    }
}
