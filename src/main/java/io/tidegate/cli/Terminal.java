package io.tidegate.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The environment in which a command runs.
 *
 * @param out the stream for the command's output and nothing else
 * @param err the stream for error messages and the log
 * @param environment the environment variables
 * @param directory the working directory, against which relative paths are resolved
 */
record Terminal(PrintStream out, PrintStream err, Map<String, String> environment, Path directory) {

    static Terminal ofProcess() {
        return new Terminal(System.out, System.err, System.getenv(), Path.of(""));
    }

    void warn(String message) {
        err.println("tidegate: warning: " + message);
    }

    void fail(String message) {
        err.println("tidegate: " + message);
    }
}
