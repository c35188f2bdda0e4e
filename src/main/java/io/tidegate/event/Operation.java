package io.tidegate.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One command that the members of a kind accept.
 *
 * @param path what follows the path of the kind in that of the command: {@code ""}, {@code "/:id"} or
 *     {@code "/:id/logs"}, where {@code :id} is the parameter that holds the key;
 *     only a command that creates can do without
 */
public record Operation(Verb verb, String path) {

    private static final Pattern PATH = Pattern.compile("|/:([a-z]+)(?:/[a-z]+)?");

    public Operation {
        if (!PATH.matcher(path).matches() || path.isEmpty() && verb != Verb.CREATE) {
            throw new IllegalArgumentException("not the path of a command: " + path);
        }
    }

    /** Returns the name of the path parameter that holds the key; empty where the path has none. */
    public String parameter() {
        Matcher matcher = PATH.matcher(path);
        String name = matcher.matches() ? matcher.group(1) : null;
        return name == null ? "" : name;
    }
}
