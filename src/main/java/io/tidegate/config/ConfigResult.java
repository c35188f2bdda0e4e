package io.tidegate.config;

import java.util.List;

/** The result of reading a configuration. */
public sealed interface ConfigResult<T> {

    /** The configuration is valid. */
    record Ok<T>(T settings) implements ConfigResult<T> {}

    /**
     * The configuration is not valid.
     *
     * @param problems all problems, at least one
     */
    record Bad<T>(List<ConfigProblem> problems) implements ConfigResult<T> {
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
