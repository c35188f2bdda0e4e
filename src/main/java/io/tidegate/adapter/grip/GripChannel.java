package io.tidegate.adapter.grip;

import io.tidegate.event.Topic;
import io.tidegate.problem.ProblemException;
import java.nio.charset.StandardCharsets;

/**
 * Maps a channel to its topic. The topic consists of {@code grip/} and the channel name in UTF-8, in which a tilde and
 * every byte that a topic segment cannot contain is written as {@code ~} and two hexadecimal digits.
 */
final class GripChannel {

    private static final String PREFIX = "grip/";
    private static final String PLAIN = "._:@-";

    private GripChannel() {}

    /**
     * Returns the topic for a channel.
     *
     * @throws ProblemException {@code invalid-topic} if the name is empty, or is too long after the conversion
     */
    static Topic topic(String channel) {
        return new Topic(name(channel));
    }

    static String name(String channel) {
        StringBuilder name = new StringBuilder(PREFIX);
        for (byte b : channel.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0;
            if (plain && !(c == '.' && isDotSegment(channel))) {
                name.append(c);
            } else {
                name.append('~').append(String.format("%02X", (int) c));
            }
        }
        return name.toString();
    }

    private static boolean isDotSegment(String channel) {
        return channel.equals(".") || channel.equals("..");
    }
}
