package webterminal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The processes of one session, known by a variable that each hands on to those it starts. So one is found that has left
 * its terminal, its group and its parent as well.
 */
final class Marked {

    static final String VARIABLE = "WEB_TERMINAL_SESSION";

    private final String mark;

    Marked(String session) {
        this.mark = '\0' + VARIABLE + '=' + session + '\0';
    }

    boolean none() {
        return processes().isEmpty();
    }

    /** Until there are none: while they are looked for they may start others. */
    void kill() {
        for (List<ProcessHandle> found = processes(); !found.isEmpty(); found = processes()) {
            found.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::bears).toList();
    }

    /** Not one that has ended and waits for its parent to notice: that one has no environment any more. */
    private boolean bears(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return ('\0' + new String(environment, ISO_8859_1)).contains(mark);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }
}
