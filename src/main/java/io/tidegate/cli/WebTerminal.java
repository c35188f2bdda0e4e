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
 * Runs the example service as a child process. The process ends when this object is closed, or when the thread that
 * started the process exits.
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
     * Starts the service on a free port of the loopback interface and waits until it accepts connections.
     *
     * @param home the working directory of the service's shells
     * @param token the bearer token with which the gateway gets its own rate limit
     * @throws IOException if the service is not installed or does not start
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

    /** Returns the address of the service, without a trailing slash. */
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

    /**
     * Returns the class path of the service. This is the current class path if it includes the service, or else the
     * service's jar, which must be next to the current one.
     */
    private static String classPath() throws IOException {
        if (WebTerminal.class.getResource('/' + MAIN.replace('.', '/') + ".class") != null) {
            return System.getProperty("java.class.path");
        }
        Path jar = ownJar().resolveSibling(JAR);
        if (!Files.exists(jar)) {
            throw new IOException("no web terminal at " + jar + "; the build creates it");
        }
        return jar.toString();
    }

    private static Path ownJar() throws IOException {
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
