package webterminal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The command-line options of the service.
 *
 * @param host the address to listen on; anyone who can reach it gets a shell
 * @param names the host names that are accepted in addition to IP addresses and names without a dot
 * @param port the port to listen on; 0 stands for any free port
 * @param shell the command line that starts a shell
 * @param folder the working directory of the shells, whose files can be downloaded
 * @param maxSessions the maximum number of shells
 * @param perMinute the maximum number of API requests per client and minute
 * @param token the bearer token that gives a program its own rate limit; empty for none
 * @param accessLog whether each request is logged to stdout
 */
record Options(
        String host,
        Set<String> names,
        int port,
        String shell,
        Path folder,
        int maxSessions,
        int perMinute,
        String token,
        boolean accessLog) {

    static final String TOKEN = "WEB_TERMINAL_TOKEN";

    static final String USAGE =
            """
            Usage: web-terminal [--host 127.0.0.1] [--names a.example,b.example] [--port 3000] [--shell bash]
                                [--folder .] [--max-sessions 32] [--requests-per-minute 100] [--access-log true]
            A program that sends Authorization: Bearer $WEB_TERMINAL_TOKEN has a request limit of its own.
            """;

    private static final Set<String> NAMES = Set.of(
            "--host",
            "--names",
            "--port",
            "--shell",
            "--folder",
            "--max-sessions",
            "--requests-per-minute",
            "--access-log");

    /**
     * Returns the options from the command line and the environment.
     *
     * @throws IllegalArgumentException if the arguments are not pairs of a known name and a valid value
     */
    static Options of(List<String> arguments, Map<String, String> environment) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!NAMES.contains(name) || i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " is unknown or has no value");
            }
            values.put(name, arguments.get(i + 1));
        }
        return new Options(
                values.getOrDefault("--host", "127.0.0.1"),
                Set.of(values.getOrDefault("--names", "").split(",")),
                number(values, "--port", 3000),
                values.getOrDefault("--shell", Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh"),
                Path.of(values.getOrDefault("--folder", "")).toAbsolutePath().normalize(),
                number(values, "--max-sessions", 32),
                number(values, "--requests-per-minute", 100),
                environment.getOrDefault(TOKEN, ""),
                Boolean.parseBoolean(values.getOrDefault("--access-log", "false")));
    }

    private static int number(Map<String, String> values, String name, int defaultValue) {
        String text = values.getOrDefault(name, Integer.toString(defaultValue));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(name + " must be a number, not " + text, none);
        }
    }
}
