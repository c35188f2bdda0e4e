package io.tidegate.kind.recipe;

import java.time.Duration;
import java.util.List;

/**
 * One thing that can be deployed: a child process. It is given exactly this command, an empty standard input, a new
 * directory of its own to work in, and an environment of {@code PATH} (the gateway's), {@code LANG=C.UTF-8},
 * {@code HOME} and {@code TMPDIR} (that directory) and {@code TIDEGATE_DEPLOY_ID}; nothing of a request but the id. A
 * program that needs more finds it beside itself: its own path, in {@code $0} of a script, is absolute.
 *
 * @param command program and arguments; the program, when it has a slash, relative to where the gateway was started
 * @param timeLimit after which the process is ended and the deploy has failed
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
