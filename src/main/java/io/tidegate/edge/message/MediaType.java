package io.tidegate.edge.message;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Content-Type} of a request body as far as types are told apart here.
 *
 * @param name type and subtype in lower case, such as {@code application/json}; empty when the request names none
 */
public record MediaType(String name) {

    public static final MediaType JSON = new MediaType("application/json");

    /**
     * Reads the header. Parameters are ignored, except that a {@code charset} has to be UTF-8, the only one JSON has.
     *
     * @throws io.tidegate.problem.ProblemException {@code unsupported-media-type} for another charset
     */
    public static MediaType of(@Nullable String header) {
        if (header == null) {
            return new MediaType("");
        }
        String[] parts = header.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                throw Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "the charset is utf-8")
                        .toException();
            }
        }
        return new MediaType(parts[0].strip());
    }
}
