package io.tidegate.config;

import io.tidegate.config.source.ConfigProblem;
import java.util.List;

/** What came of reading a configuration. */
public sealed interface ConfigResult<T> {

    /** Everything fits. */
    record Ok<T>(T settings) implements ConfigResult<T> {}

    /**
     * Nothing can be used.
     *
     * @param problems all of them, at least one
     */
    record Bad<T>(List<ConfigProblem> problems) implements ConfigResult<T> {
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
