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

/** Reads an origin's list. Whatever is not clearly a whole list is refused: an entry that was overlooked would end. */
final class Listing {

    private static final int MAX_MEMBER = 1 << 20;

    private final Watch watch;
    private final int maxMembers;

    /** @param maxMembers how many the journal keeps apart */
    Listing(Watch watch, int maxMembers) {
        this.watch = watch;
        this.maxMembers = maxMembers;
    }

    /**
     * The members of the list by their keys, in its order, each with its key under the name that the kind has for it.
     *
     * @throws IllegalArgumentException when this is no such list; the message says why and repeats nothing of it
     */
    Map<String, JsonText> read(byte[] body) {
        try {
            JsonText whole = JsonText.parse(JsonText.decode(body));
            try (JsonParser parser = JsonText.JSON.createParser(whole.toString())) {
                parser.nextToken();
                for (String name : path(whole)) {
                    enter(parser, name);
                }
                require(parser.currentToken() == JsonToken.START_ARRAY, "there is no list where it should be");
                return members(parser);
            }
        } catch (ProblemException notJson) {
            throw new IllegalArgumentException("not JSON: " + notJson.problem().detail(), notJson);
        } catch (IOException impossible) {
            throw new IllegalArgumentException("not JSON", impossible);
        }
    }

    private List<String> path(JsonText whole) throws IOException {
        if (watch.list().isEmpty()) {
            return whole.isObject() ? List.of(onlyArray(whole)) : List.of();
        }
        String names = watch.list().substring(1);
        return names.isEmpty() ? List.of() : List.of(names.substring(1).split("\\."));
    }

    private static String onlyArray(JsonText whole) throws IOException {
        String only = "";
        int arrays = 0;
        try (JsonParser parser = JsonText.JSON.createParser(whole.toString())) {
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
        require(arrays == 1, "there is no array, or more than one; the watch's list has to name it");
        return only;
    }

    private static void enter(JsonParser parser, String name) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, "there is no list where it should be");
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
            require(entry.isObject(), "an entry is no object");
            String key = entry.scalar(watch.key())
                    .orElseThrow(() -> new IllegalArgumentException("an entry has no " + watch.key()));
            JsonText member = identified(entry, key);
            check(key, member);
            require(members.put(key, member) == null, "two entries have the same " + watch.key());
            require(
                    members.size() <= maxMembers,
                    "it has more than " + maxMembers + " entries, which are not kept apart");
        }
        return members;
    }

    private JsonText identified(JsonText entry, String key) {
        String identity = watch.kind().identity();
        return watch.key().equals(identity) ? entry : JsonText.of(entry.object().put(identity, key));
    }

    private void check(String key, JsonText member) {
        require(member.toString().length() <= MAX_MEMBER, "an entry is over 1 MiB");
        try {
            Kind kind = watch.kind();
            kind.draft(kind.lifecycle().created(), key, member).checkMember();
        } catch (ProblemException unfit) {
            throw new IllegalArgumentException("an entry has an unfit " + watch.key(), unfit);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
