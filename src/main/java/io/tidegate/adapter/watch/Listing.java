package io.tidegate.adapter.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses an origin's list. Rejects any body that is not clearly a complete list, because an entry that is missing from
 * the list is published as ended.
 */
final class Listing {

    private static final int MAX_MEMBER = 1 << 20;

    private final Watch watch;
    private final int maxMembers;

    /**
     * Creates a parser.
     *
     * @param maxMembers the number of entries that the journal retains for the kind
     */
    Listing(Watch watch, int maxMembers) {
        this.watch = watch;
        this.maxMembers = maxMembers;
    }

    /**
     * Returns the entries of the list by key, in the order of the list. In each entry, the JSON member that contains
     * the key has the name that the kind defines.
     *
     * @throws IllegalArgumentException if the body is not a valid list; the message contains the reason, but no part of
     *     the body
     */
    Map<String, JsonText> read(byte[] body) {
        try {
            JsonText text = JsonText.parseIgnoringMark(body);
            try (JsonParser parser = JsonText.JSON.createParser(text.toString())) {
                parser.nextToken();
                for (String name : path(text)) {
                    enter(parser, name);
                }
                require(
                        parser.currentToken() == JsonToken.START_ARRAY,
                        "the list was not found at the configured path");
                return members(parser);
            }
        } catch (ProblemException notJson) {
            throw new IllegalArgumentException("not JSON: " + notJson.problem().detail(), notJson);
        } catch (IOException impossible) {
            throw new IllegalArgumentException("not JSON", impossible);
        }
    }

    private List<String> path(JsonText body) throws IOException {
        if (watch.list().isEmpty()) {
            return body.isObject() ? List.of(onlyArray(body)) : List.of();
        }
        String names = watch.list().substring(1);
        return names.isEmpty() ? List.of() : List.of(names.substring(1).split("\\."));
    }

    private static String onlyArray(JsonText body) throws IOException {
        String only = "";
        int arrays = 0;
        try (JsonParser parser = JsonText.JSON.createParser(body.toString())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    only = name;
                    arrays++;
                }
                parser.skipChildren();
            }
        }
        require(arrays == 1, "the body must have exactly one array, or the watch's list must name it");
        return only;
    }

    private static void enter(JsonParser parser, String name) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, "the list was not found at the configured path");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return;
            }
            parser.skipChildren();
        }
    }

    private Map<String, JsonText> members(JsonParser parser) throws IOException {
        Map<String, JsonText> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonText entry = JsonText.next(parser);
            require(entry.isObject(), "an entry is not an object");
            String key = entry.scalar(watch.key())
                    .orElseThrow(() -> new IllegalArgumentException("an entry has no " + watch.key()));
            JsonText member = identified(entry, key);
            check(key, member);
            require(members.put(key, member) == null, "two entries have the same " + watch.key());
            require(
                    members.size() <= maxMembers,
                    "the list has more than " + maxMembers + " entries, the number that the journal retains");
        }
        return members;
    }

    private JsonText identified(JsonText entry, String key) {
        String identity = watch.kind().identity();
        return watch.key().equals(identity) ? entry : JsonText.of(entry.object().put(identity, key));
    }

    private void check(String key, JsonText member) {
        require(member.toString().length() <= MAX_MEMBER, "an entry is larger than 1 MiB");
        try {
            Kind kind = watch.kind();
            kind.draft(kind.lifecycle().created(), key, member).checkMember();
        } catch (ProblemException invalid) {
            throw new IllegalArgumentException("an entry has an invalid " + watch.key(), invalid);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
