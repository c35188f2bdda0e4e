package io.tidegate.ui;

import java.util.Arrays;
import java.util.List;

/** Reads {@code If-None-Match} (RFC 9110, 13.1.2): a star or a list of tags, compared weakly. */
final class EntityTags {

    private EntityTags() {}

    /** Whether the client holds what has this strong tag; our tags hold no comma. */
    static boolean match(List<String> fields, String etag) {
        return fields.stream()
                .flatMap(field -> Arrays.stream(field.split(",", -1)))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
    }
}
