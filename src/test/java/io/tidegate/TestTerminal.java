package io.tidegate;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The web terminal of {@code src/examples} in a process of its own. Counts what reaches it. */
public final class TestTerminal implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final String MAIN = "webterminal.Main";
    private static final Pattern READY = Pattern.compile("Web terminal at http://127\\.0\\.0\\.1:(\\d+)/");
    private static final Path SOURCES = Path.of("src", "examples");

    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final List<String> requests = new ArrayList<>();

    private TestTerminal(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "test-terminal");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one on a free port and waits for it.
     *
     * @param folder where its shells begin, and whose files it offers under {@code /files/}
     * @param arguments of the service, over those of this fixture: {@code --port 3000}, {@code --requests-per-minute 10}
     */
    public static TestTerminal start(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m"));
        command.addAll(List.of("-cp", classPath(), MAIN, "--folder", folder.toString(), "--access-log", "true"));
        command.addAll(List.of("--port", "0", "--shell", "/bin/bash --noprofile --norc"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PS1", "$ ");
        TestTerminal terminal = new TestTerminal(builder.start());
        try {
            terminal.port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception notStarted) {
            terminal.process.destroyForcibly();
            throw notStarted;
        }
        return terminal;
    }

    public int port() {
        return port.join();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public Process process() {
        return process;
    }

    /** Every request that has been answered so far, as {@code CLIENT METHOD PATH STATUS}. */
    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    public long requests(Predicate<String> which) {
        return requests().stream().filter(which).count();
    }

    /** Ends it in order, and with it all its shells. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the web terminal does not end");
        }
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    port.complete(Integer.parseInt(ready.group(1)));
                } else {
                    synchronized (requests) {
                        requests.add(line);
                    }
                }
            }
        } catch (IOException ended) {
            // With the process.
        }
        port.completeExceptionally(new AssertionError("the web terminal has ended"));
    }

    /** Who runs the tests without Maven may have the examples not on the class path: they are compiled then. */
    public static synchronized String classPath() throws IOException {
        String path = System.getProperty("java.class.path");
        if (TestTerminal.class.getResource('/' + MAIN.replace('.', '/') + ".class") != null) {
            return path;
        }
        Path classes = Files.createDirectories(Path.of("target", "examples").toAbsolutePath());
        try (Stream<Path> files = Files.walk(SOURCES.resolve("java"))) {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options = List.of("-d", classes.toString(), "-cp", path, "-proc:none");
            if (!compiler.getTask(null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                    .call()) {
                throw new AssertionError("the examples do not compile");
            }
        }
        return String.join(
                File.pathSeparator,
                classes.toString(),
                SOURCES.resolve("resources").toAbsolutePath().toString(),
                path);
    }
}
