package io.tidegate.kind.deploy;

import java.time.Duration;
import java.util.List;

/**
 * Describes a deploy that the gateway can run as a child process. The process receives exactly this command, an empty
 * standard input, a new working directory, and an environment that consists of {@code PATH} (the gateway's),
 * {@code LANG=C.UTF-8}, {@code HOME} and {@code TMPDIR} (the working directory) and {@code TIDEGATE_DEPLOY_ID}. No
 * other data from a request is passed to it. A program can find other files relative to itself, because its own path
 * ({@code $0} in a script) is absolute.
 *
 * @param command the program and its arguments; a program name that contains a slash is relative to the directory in
 *     which the gateway was started
 * @param timeLimit the time after which the process is killed and the deploy fails
 */
public record Recipe(List<String> command, Duration timeLimit) {

    public Recipe {
        command = List.copyOf(command);
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException("command must name a program");
        }
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("time-limit must be longer than 0s");
        }
    }
}
