package io.tidegate.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command that is accepted for the members of a kind.
 *
 * @param path the path of the command, relative to the path of the kind: {@code ""}, {@code "/:id"} or
 *     {@code "/:id/logs"}, where {@code :id} is the path parameter that holds the key; may be empty only for
 *     {@link Verb#CREATE}
 */
public record Operation(Verb verb, String path) {

    private static final Pattern PATH = Pattern.compile("|/:([a-z]+)(?:/[a-z]+)?");

    public Operation {
        if (!PATH.matcher(path).matches() || path.isEmpty() && verb != Verb.CREATE) {
            throw new IllegalArgumentException("invalid path of a command: " + path);
        }
    }

    /** Returns the name of the path parameter that holds the key; empty if the path has no parameter. */
    public String parameter() {
        Matcher matcher = PATH.matcher(path);
        String name = matcher.matches() ? matcher.group(1) : null;
        return name == null ? "" : name;
    }
}
