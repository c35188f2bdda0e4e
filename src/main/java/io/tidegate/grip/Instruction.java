package io.tidegate.grip;

import io.tidegate.event.Topic;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an origin asks for in the head of its answer.
 *
 * @param topics those of the channels, in one order
 */
record Instruction(List<Topic> topics, Optional<KeepAlive> keepAlive, Optional<Integer> status) {

    private static final String PREFIX = "grip-";
    private static final int MOST_CHANNELS = 16;

    /**
     * Takes every {@code Grip-*} field out of a head.
     *
     * @return what to do; empty when the answer is an ordinary one
     * @throws IllegalArgumentException when the origin wants what is not done here
     */
    static Optional<Instruction> take(MultiMap headers) {
        List<String> holds = headers.getAll("Grip-Hold");
        List<String> channels = headers.getAll("Grip-Channel");
        String keepAlive = headers.get("Grip-Keep-Alive");
        String status = headers.get("Grip-Status");
        for (String name : List.copyOf(headers.names())) {
            if (name.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
                headers.remove(name);
            }
        }
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("application/grip-instruct")) {
            throw new IllegalArgumentException("instructions are read from fields, not from the body");
        }
        if (holds.isEmpty()) {
            return Optional.empty();
        }
        if (!holds.equals(List.of("stream"))) {
            throw new IllegalArgumentException("the only hold is that of a stream");
        }
        return Optional.of(new Instruction(
                topics(channels), Optional.ofNullable(keepAlive).map(KeepAlive::parse), status(status)));
    }

    private static List<Topic> topics(List<String> fields) {
        Set<Topic> topics = new LinkedHashSet<>();
        for (String field : fields) {
            for (String channel : field.split(",", -1)) {
                topics.add(topic(channel));
            }
        }
        if (topics.isEmpty() || topics.size() > MOST_CHANNELS) {
            throw new IllegalArgumentException("a hold has 1 to " + MOST_CHANNELS + " channels");
        }
        List<Topic> sorted = new ArrayList<>(topics);
        sorted.sort((one, other) -> one.name().compareTo(other.name()));
        return sorted;
    }

    private static Topic topic(String channel) {
        String[] parts = channel.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].strip().toLowerCase(Locale.ROOT).startsWith("filter")) {
                throw new IllegalArgumentException("there are no filters here");
            }
        }
        return Channel.topic(parts[0].strip());
    }

    private static Optional<Integer> status(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        int status = Integer.parseInt(text.strip());
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("a status is 200 to 599");
        }
        return Optional.of(status);
    }
}
