package io.tidegate.edge.message;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The media type of a request body, without parameters.
 *
 * @param name the type and the subtype in lower case, such as {@code application/json}; empty if the request has no
 *     {@code Content-Type}
 */
public record MediaType(String name) {

    public static final MediaType JSON = new MediaType("application/json");

    /**
     * Parses {@code Content-Type}. Ignores parameters, except that a {@code charset} must be UTF-8, the only one
     * permitted for JSON.
     *
     * @throws io.tidegate.problem.ProblemException {@code unsupported-media-type} if there is another charset
     */
    public static MediaType of(@Nullable String header) {
        if (header == null) {
            return new MediaType("");
        }
        String[] parts = header.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                throw Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "the charset must be utf-8")
                        .toException();
            }
        }
        return new MediaType(parts[0].strip());
    }
}
