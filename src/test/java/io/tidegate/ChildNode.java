package io.tidegate;

import io.tidegate.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, as its users start it: known by what it prints, told by signals. */
public final class ChildNode implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 40;
    private static final String END = "(the end)";
    private static final Pattern READ = Pattern.compile("Bearer (\\S+)' http://127\\.0\\.0\\.1:(\\d+)/api/events$");
    private static final Pattern PUBLISH = Pattern.compile("Bearer (\\S+)' -d ");

    private final Process process;
    private final BlockingQueue<String> out;
    private final BlockingQueue<String> log;
    private final List<String> seen = new ArrayList<>();
    private int port;
    private String viewer = "";
    private String publisher = "";

    private ChildNode(Process process) {
        this.process = process;
        this.out = lines(process.getInputStream());
        this.log = lines(process.getErrorStream());
    }

    /**
     * Starts one on free ports, if the arguments name none, and waits for what it prints.
     *
     * @param folder to start it in; {@code conf/tidegate.yaml} there counts
     * @param shell what a shell does before it becomes the gateway, such as {@code ulimit -n 200}
     * @param virtualMachine options of java
     */
    public static ChildNode start(Path folder, String shell, List<String> virtualMachine, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell + "; exec \"$@\"", "sh", java()));
        command.addAll(virtualMachine);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("--data", "data", "--set", "management.port=0"));
        command.addAll(List.of(arguments).contains("--port") ? List.of() : List.of("--port", "0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEGATE_"));
        ChildNode node = new ChildNode(builder.start());
        try {
            node.readBanner();
        } catch (AssertionError notStarted) {
            node.close();
            throw notStarted;
        }
        return node;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void readBanner() throws InterruptedException {
        Matcher read = await(out, READ);
        viewer = read.group(1);
        port = Integer.parseInt(read.group(2));
        publisher = await(out, PUBLISH).group(1);
        await(out, Pattern.compile("Metrics: "));
    }

    public int port() {
        return port;
    }

    /** Header line of one who reads. */
    public String viewer() {
        return "Authorization: Bearer " + viewer;
    }

    /** Token of one who publishes. */
    public String publisher() {
        return publisher;
    }

    public Process process() {
        return process;
    }

    public TestStream stream(String path) throws IOException {
        return TestStream.open(port, path, viewer());
    }

    /** The next line of its log that has this in it; what comes before it is passed over. */
    public String logged(String text) throws InterruptedException {
        return await(log, Pattern.compile(".*" + Pattern.quote(text) + ".*")).group();
    }

    /** What it logged and was not taken, to the end of it. */
    public List<String> restOfLog() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line = log.poll(PATIENCE_SECONDS, TimeUnit.SECONDS); ; ) {
            if (line == null) {
                throw new AssertionError("its log has no end; it said " + said());
            } else if (line.equals(END)) {
                return lines;
            }
            lines.add(line);
            line = log.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Its exit code. */
    public int ended() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs; it said " + said());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private Matcher await(BlockingQueue<String> lines, Pattern pattern) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (; ; ) {
            String line = lines.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("did not say " + pattern + " but " + said());
            }
            seen.add(line);
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    private List<String> said() {
        out.drainTo(seen);
        log.drainTo(seen);
        return seen;
    }

    private static BlockingQueue<String> lines(InputStream stream) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(stream, lines), "child-node");
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    private static void read(InputStream stream, BlockingQueue<String> lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            // With the process.
        }
        lines.add(END);
    }
}
