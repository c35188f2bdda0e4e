package io.tidegate.event;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures matching a topic against a pattern, which happens once per event and pattern with a wildcard. */
@State(Scope.Benchmark)
public class TopicPatternBench {

    @Param({"deploys/42", "deploys/*", "deploys/**", "shops/*/stock/**"})
    private String pattern = "";

    private TopicPattern parsed = TopicPattern.ALL;
    private final Topic topic = new Topic("deploys/42");
    private final Topic deep = new Topic("shops/berlin/stock/42");

    @Setup
    public void parse() {
        parsed = new TopicPattern(pattern);
    }

    @Benchmark
    public boolean matchesOneOfTwo() {
        return parsed.matches(topic) ^ parsed.matches(deep);
    }
}
