package io.tidegate.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command sees of the process it runs in.
 *
 * @param out what was asked for, and nothing else
 * @param err what went wrong; the log goes there too
 * @param environment its variables
 * @param directory where it was started; relative files are looked up there
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
