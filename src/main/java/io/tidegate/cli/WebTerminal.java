package io.tidegate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The example service as a process of its own, which ends with the thread that started it: closed, or because that thread
 * is no more.
 */
final class WebTerminal implements AutoCloseable {

    private static final String MAIN = "webterminal.Main";
    private static final String JAR = "web-terminal.jar";
    private static final Pattern READY = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/");
    private static final long LONGEST_STOP_SECONDS = 12;

    private final Process process;
    private final URI base;

    private WebTerminal(Process process) throws IOException {
        this.process = process;
        this.base = awaitBase();
    }

    /**
     * Starts it on a free port of the loopback and waits until it answers.
     *
     * @param home where its shells begin
     * @param token with which a program may ask more often
     * @throws IOException when it is not there or does not start
     */
    static WebTerminal start(Path home, String token) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder("setpriv", "--pdeathsig", "TERM", java);
        builder.command().addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
        builder.command().addAll(List.of("-cp", classPath(), MAIN, "--port", "0", "--folder", home.toString()));
        builder.environment().put("WEB_TERMINAL_TOKEN", token);
        return new WebTerminal(
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Its address, without a slash at the end. */
    URI base() {
        return base;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private URI awaitBase() throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return URI.create(ready.group(1));
            }
        }
        throw new IOException("the web terminal did not start");
    }

    /** Beside our own jar; where there is none, among the classes that we were started with. */
    private static String classPath() throws IOException {
        if (WebTerminal.class.getResource('/' + MAIN.replace('.', '/') + ".class") != null) {
            return System.getProperty("java.class.path");
        }
        Path jar = ours().resolveSibling(JAR);
        if (!Files.exists(jar)) {
            throw new IOException("there is no web terminal at " + jar + "; the build puts one there");
        }
        return jar.toString();
    }

    private static Path ours() throws IOException {
        try {
            return Path.of(WebTerminal.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }
}
