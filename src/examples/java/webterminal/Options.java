package webterminal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the service is started.
 *
 * @param host address to listen on; whoever reaches it gets a shell
 * @param names under which it is reached, besides addresses and names without a dot
 * @param port 0 picks a free one
 * @param shell the command line of a shell
 * @param folder where shells begin, and whose files can be downloaded
 * @param maxSessions how many shells there may be
 * @param perMinute how many requests for the API one client may make in a minute
 * @param token with which a program has a limit of its own; empty for none
 * @param accessLog whether each request is a line on stdout
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

    /** @throws IllegalArgumentException for anything but pairs of a known name and its value */
    static Options of(List<String> arguments, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!NAMES.contains(name) || i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " is not known or has no value");
            }
            given.put(name, arguments.get(i + 1));
        }
        return new Options(
                given.getOrDefault("--host", "127.0.0.1"),
                Set.of(given.getOrDefault("--names", "").split(",")),
                number(given, "--port", 3000),
                given.getOrDefault("--shell", Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh"),
                Path.of(given.getOrDefault("--folder", "")).toAbsolutePath().normalize(),
                number(given, "--max-sessions", 32),
                number(given, "--requests-per-minute", 100),
                environment.getOrDefault(TOKEN, ""),
                Boolean.parseBoolean(given.getOrDefault("--access-log", "false")));
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        String text = given.getOrDefault(name, Integer.toString(otherwise));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(name + " must be a number, not " + text, none);
        }
    }
}
