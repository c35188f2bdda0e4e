package io.tidegate.config;

/**
 * A problem in the configuration.
 *
 * @param path the key, such as {@code http.port} or {@code origins[1].url}; empty if the problem concerns the whole
 *     file
 * @param message a description of the problem for the operator
 * @param where the file and line, the variable or the flag that set the value; empty if unknown
 */
public record ConfigProblem(String path, String message, String where) {

    @Override
    public String toString() {
        return (path.isEmpty() ? "" : path + ": ") + message + (where.isEmpty() ? "" : " (" + where + ")");
    }
}
