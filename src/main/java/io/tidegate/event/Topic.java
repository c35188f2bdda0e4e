package io.tidegate.event;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The name under which events are published and read. It consists of 1 to 16 segments joined by {@code /}, such as
 * {@code sessions} or {@code deploys/42}. A segment has 1 to 128 of the characters {@code A-Z a-z 0-9 . _ ~ : @ -}; the
 * whole topic has at most 255 characters.
 */
public record Topic(String name) {

    private static final int MAX_LENGTH = 255;
    private static final int MAX_SEGMENTS = 16;
    private static final int MAX_SEGMENT = 128;

    /**
     * Checks the name.
     *
     * @throws io.tidegate.problem.ProblemException with the code {@code invalid-topic} if the topic is invalid
     */
    public Topic {
        String fault = fault(name, false);
        if (fault != null) {
            throw Problem.of(Code.INVALID_TOPIC, fault).toException();
        }
    }

    public Kind kind() {
        return Kind.ofTopic(name);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * Returns the rule that a name violates, or null if the name is valid.
     *
     * @param wildcards whether the name is a pattern, in which wildcards are allowed
     */
    static @Nullable String fault(String name, boolean wildcards) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return "a topic must have 1 to " + MAX_LENGTH + " characters";
        }
        String[] segments = name.split("/", -1);
        if (segments.length > MAX_SEGMENTS) {
            return "a topic must have at most " + MAX_SEGMENTS + " segments";
        }
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (wildcards && (segment.equals("*") || segment.equals("**") && i == segments.length - 1)) {
                continue;
            }
            if (segment.isEmpty()
                    || segment.length() > MAX_SEGMENT
                    || !segment.chars().allMatch(Topic::allowed)) {
                return "a topic segment must have 1 to " + MAX_SEGMENT + " of the characters A-Z a-z 0-9 . _ ~ : @ -";
            }
            if (segment.equals(".") || segment.equals("..")) {
                return "a topic segment must not be . or ..";
            }
        }
        return null;
    }

    private static boolean allowed(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "._~:@-".indexOf(c) >= 0;
    }
}
