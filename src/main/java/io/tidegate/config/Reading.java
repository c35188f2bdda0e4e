package io.tidegate.config;

import io.tidegate.source.ConfigProblem;
import java.util.List;

/** What came of reading a configuration. */
public sealed interface Reading<T> {

    /** Everything fits. */
    record Ok<T>(T settings) implements Reading<T> {}

    /**
     * Nothing can be used.
     *
     * @param problems all of them, at least one
     */
    record Bad<T>(List<ConfigProblem> problems) implements Reading<T> {
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
