package webterminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A shell on its own pseudo-terminal. The program {@code script} from util-linux creates the terminal and copies data
 * between it and two pipes. All methods block.
 */
final class Shell {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Process script;
    private final Marked processes;
    private final Path terminal;

    private Shell(Process script, Marked processes) throws IOException {
        this.script = script;
        this.processes = processes;
        this.terminal = awaitTerminal();
    }

    /**
     * Starts a shell. The shell is killed when the calling thread ends for any reason.
     *
     * @throws IOException if the shell cannot be started
     */
    static Shell start(String session, Options options, Size size) throws IOException {
        // The signals are reset because a service that was started in the background ignores SIGINT, and its shells and
        // their programs would inherit that.
        ProcessBuilder builder = new ProcessBuilder(
                        "setpriv",
                        "--pdeathsig",
                        "KILL",
                        "env",
                        "--default-signal",
                        "script",
                        "-qfe",
                        "-E",
                        "always",
                        "-c",
                        "exec " + options.shell(),
                        "/dev/null")
                .directory(options.folder().toFile())
                .redirectErrorStream(true);
        builder.environment().remove(Options.TOKEN);
        builder.environment().put("SHELL", "/bin/sh"); // script uses this shell to run the command
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().putIfAbsent("LANG", "C.UTF-8");
        builder.environment().put(Marked.VARIABLE, session);
        Shell shell = new Shell(builder.start(), new Marked(session));
        shell.resize(size);
        return shell;
    }

    /** Returns the output of the shell, which ends when the shell does. */
    InputStream output() {
        return script.getInputStream();
    }

    void type(byte[] bytes) throws IOException {
        OutputStream input = script.getOutputStream();
        input.write(bytes);
        input.flush();
    }

    /** Sets the size of the terminal. The kernel notifies the programs on the terminal with SIGWINCH. */
    void resize(Size size) throws IOException {
        Process stty = new ProcessBuilder(
                        "stty", "-F", terminal.toString(), "iutf8", "rows", "" + size.rows(), "cols", "" + size.cols())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            stty.waitFor(TIMEOUT_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hangs up, as when a terminal is closed. Kills the processes that are still alive two seconds later. */
    void end() {
        script.destroyForcibly();
        long deadline = System.nanoTime() + GRACE_NANOS;
        while (System.nanoTime() < deadline && !processes.isEmpty()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        processes.kill();
    }

    private Path awaitTerminal() throws IOException {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (script.isAlive() && System.nanoTime() < deadline) {
            Optional<Path> found = script.children()
                    .map(Shell::standardInput)
                    .filter(Shell::isTerminal)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        script.destroyForcibly();
        throw new IOException("cannot create a terminal: "
                + new String(script.getInputStream().readAllBytes(), UTF_8));
    }

    private static Path standardInput(ProcessHandle child) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(child.pid()), "fd", "0"));
        } catch (IOException gone) {
            return Path.of("");
        }
    }

    private static boolean isTerminal(Path path) {
        return path.startsWith("/dev/pts");
    }
}
