package io.tidegate.edge.message;

import java.util.Arrays;
import java.util.List;

/**
 * The strong validator of one response body
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3">RFC 9110, 8.8.3</a>).
 *
 * @param opaque what stands between the quotes: neither quotes nor commas
 */
public record EntityTag(String opaque) {

    /** The value of the {@code ETag} header. */
    public String header() {
        return '"' + opaque + '"';
    }

    /**
     * Whether the client holds what has this tag: a star or a list of tags, compared weakly (RFC 9110, 13.1.2), because a
     * proxy that compresses marks our tags as weak. The Vert.x way, {@code RoutingContext.isFresh}, is not used: it says no
     * to {@code Cache-Control: no-cache}, which every browser adds when a script sets {@code If-None-Match}.
     *
     * @param ifNoneMatch all fields of this name
     */
    public boolean matches(List<String> ifNoneMatch) {
        return ifNoneMatch.stream()
                .flatMap(field -> Arrays.stream(field.split(",", -1)))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(header()) || tag.equals("W/" + header()));
    }
}
