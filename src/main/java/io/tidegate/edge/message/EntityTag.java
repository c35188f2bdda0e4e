package io.tidegate.edge.message;

import java.util.Arrays;
import java.util.List;

/**
 * A strong validator for a response body (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3">RFC 9110,
 * 8.8.3</a>).
 *
 * @param opaque the text between the quotes, which must not contain quotes or commas
 */
public record EntityTag(String opaque) {

    /** Returns the value of the {@code ETag} header. */
    public String header() {
        return '"' + opaque + '"';
    }

    /**
     * Returns whether the client already has the representation with this tag. Accepts an asterisk or a list of tags,
     * and compares tags weakly (RFC 9110, 13.1.2), because a proxy that compresses responses marks the gateway's tags
     * as weak. Vert.x's {@code RoutingContext.isFresh} is not used, because it returns false for {@code Cache-Control:
     * no-cache}, which every browser adds when a script sets {@code If-None-Match}.
     *
     * @param ifNoneMatch the values of all {@code If-None-Match} fields
     */
    public boolean matches(List<String> ifNoneMatch) {
        return ifNoneMatch.stream()
                .flatMap(field -> Arrays.stream(field.split(",", -1)))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(header()) || tag.equals("W/" + header()));
    }
}
