package io.tidegate.event;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;

/**
 * A topic in which a segment may be {@code *} (any one segment) and the last one {@code **} (the topic before it and
 * everything below). {@code deploys/**} matches {@code deploys}, {@code deploys/42} and {@code deploys/42/logs};
 * {@code deploys/*} only the second; {@code **} everything.
 */
public record TopicPattern(String text) {

    public static final TopicPattern ALL = new TopicPattern("**");

    /**
     * Checks the pattern.
     *
     * @throws io.tidegate.problem.ProblemException {@code invalid-topic}
     */
    public TopicPattern {
        String fault = Topic.fault(text, true);
        if (fault != null) {
            throw Problem.of(Code.INVALID_TOPIC, fault + "; * stands for one segment, ** for the rest")
                    .toException();
        }
    }

    public static TopicPattern of(Topic topic) {
        return new TopicPattern(topic.name());
    }

    /** Whether the pattern is a plain topic. */
    public boolean exact() {
        return text.indexOf('*') < 0;
    }

    /** Compares segment by segment without allocating: this runs for every event and reader with a wildcard. */
    public boolean matches(Topic topic) {
        String name = topic.name();
        int p = 0;
        int t = 0;
        while (p < text.length()) {
            if (text.startsWith("**", p)) {
                return true;
            }
            if (t > name.length()) {
                return false;
            }
            int pEnd = end(text, p);
            int tEnd = end(name, t);
            boolean any = pEnd - p == 1 && text.charAt(p) == '*';
            if (!any && !(pEnd - p == tEnd - t && text.regionMatches(p, name, t, tEnd - t))) {
                return false;
            }
            p = pEnd + 1;
            t = tEnd + 1;
        }
        return t > name.length();
    }

    @Override
    public String toString() {
        return text;
    }

    private static int end(String s, int from) {
        int slash = s.indexOf('/', from);
        return slash < 0 ? s.length() : slash;
    }
}
