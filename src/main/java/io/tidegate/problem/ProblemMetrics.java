package io.tidegate.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.meter.Labelled;

/** Counts the problems sent to clients, by code. Thread-safe. */
public final class ProblemMetrics {

    private final Labelled<Code, Counter> problems;

    public ProblemMetrics(MeterRegistry registry) {
        problems = Labelled.of(Code.class, Code::text, code -> Counter.builder("problems")
                .description("Problems told to clients")
                .tag("code", code)
                .register(registry));
    }

    public void count(Code code) {
        problems.get(code).increment();
    }
}
