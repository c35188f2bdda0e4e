package io.tidegate.config;

/**
 * A problem of the configuration.
 *
 * @param path the key, {@code http.port} or {@code origins[1].url}; empty for the whole file
 * @param message a description of the error for the operator
 * @param where the file and line, the variable or the flag that set the value; empty if none did
 */
public record ConfigProblem(String path, String message, String where) {

    @Override
    public String toString() {
        return (path.isEmpty() ? "" : path + ": ") + message + (where.isEmpty() ? "" : " (" + where + ")");
    }
}
