package io.tidegate.event;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;

/**
 * A topic in which any segment may be {@code *}, which matches exactly one segment, and the last segment may be
 * {@code **}, which matches the topic formed by the segments before it and all topics under that. {@code deploys/**}
 * matches {@code deploys}, {@code deploys/42} and {@code deploys/42/logs}; {@code deploys/*} matches only the second;
 * {@code **} matches every topic.
 */
public record TopicPattern(String text) {

    public static final TopicPattern ALL = new TopicPattern("**");

    /**
     * Checks the pattern.
     *
     * @throws io.tidegate.problem.ProblemException with the code {@code invalid-topic} if the pattern is invalid
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

    /** Returns whether the pattern is a topic without wildcards. */
    public boolean exact() {
        return text.indexOf('*') < 0;
    }

    /**
     * Returns whether the pattern matches a topic. It compares segment by segment without allocating objects, because
     * it runs for every event and every pattern with a wildcard.
     */
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
