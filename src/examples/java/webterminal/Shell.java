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
 * A shell on a terminal of its own. {@code script} of util-linux makes the terminal and copies between it and two pipes.
 * Everything here blocks.
 */
final class Shell {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Process script;
    private final Marked processes;
    private final Path terminal;

    private Shell(Process script, Marked processes) throws IOException {
        this.script = script;
        this.processes = processes;
        this.terminal = awaitTerminal();
    }

    /**
     * Starts one. When the thread that does so ends, by whatever means, so does the shell.
     *
     * @throws IOException when it cannot be started
     */
    static Shell start(String session, Options options, Size size) throws IOException {
        // A service started in the background ignores SIGINT, and so would all that its shells start.
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
        builder.environment().put("SHELL", "/bin/sh"); // what script has the command run by
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().putIfAbsent("LANG", "C.UTF-8");
        builder.environment().put(Marked.VARIABLE, session);
        Shell shell = new Shell(builder.start(), new Marked(session));
        shell.resize(size);
        return shell;
    }

    /** What it says; ends with the shell. */
    InputStream output() {
        return script.getInputStream();
    }

    void type(byte[] bytes) throws IOException {
        OutputStream input = script.getOutputStream();
        input.write(bytes);
        input.flush();
    }

    /** Programs on the terminal are told by SIGWINCH. */
    void resize(Size size) throws IOException {
        Process stty = new ProcessBuilder(
                        "stty", "-F", terminal.toString(), "iutf8", "rows", "" + size.rows(), "cols", "" + size.cols())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            stty.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hangs up, as a terminal that is closed does; what does not heed it is killed. */
    void end() {
        script.destroyForcibly();
        long until = System.nanoTime() + GRACE_NANOS;
        while (System.nanoTime() < until && !processes.none()) {
            LockSupport.parkNanos(MOMENT_NANOS);
        }
        processes.kill();
    }

    private Path awaitTerminal() throws IOException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (script.isAlive() && System.nanoTime() < until) {
            Optional<Path> found = script.children()
                    .map(Shell::standardInput)
                    .filter(Shell::isTerminal)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(MOMENT_NANOS);
        }
        script.destroyForcibly();
        throw new IOException("no terminal could be made: "
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
