package io.tidegate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Determines this process's limit on open files and sockets. Uses only the JDK, because even opening a jar needs a file
 * descriptor.
 */
final class OpenFiles {

    /**
     * The minimum limit with which the gateway starts. With a lower limit, opening files or loading classes would fail
     * in unpredictable places.
     */
    private static final long MINIMUM = 128;

    private static final String NAME = "Max open files";

    private OpenFiles() {}

    /** Returns the reason why the process cannot run, or empty if its limit is sufficient or unknown. */
    static Optional<String> obstacle() {
        OptionalLong limit = limit();
        return limit.isPresent() && limit.getAsLong() < MINIMUM
                ? Optional.of(describe(limit.getAsLong()) + "; the gateway needs at least " + MINIMUM)
                : Optional.empty();
    }

    /** Returns the message, followed by the limit if the message says that a file could not be opened. */
    static String explain(String message) {
        OptionalLong limit = limit();
        boolean concerned = message.contains("SQLITE_CANTOPEN") || message.contains("Too many open files");
        return concerned && limit.isPresent() ? message + " (" + describe(limit.getAsLong()) + ')' : message;
    }

    private static String describe(long limit) {
        return "the limit of open files (ulimit -n, or LimitNOFILE of systemd) is " + limit;
    }

    private static OptionalLong limit() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith(NAME)) {
                    String soft = line.substring(NAME.length()).strip().split("\\s+", 2)[0];
                    return soft.equals("unlimited") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(soft));
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            // This file exists only on Linux.
        }
        return OptionalLong.empty();
    }
}
