package io.tidegate.adapter.grip;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces directives in content for clients with a filter. A directive consists of a percent sign, an optional
 * argument in parentheses, and a letter. Two percent signs stand for one.
 */
final class Directives {

    private static final Pattern DIRECTIVE = Pattern.compile("%(?:(%)|(?:\\(((?:[^)\\\\]|\\\\.)*)\\))?([A-Za-z])|)");

    private Directives() {}

    /**
     * Returns the content with all directives replaced.
     *
     * @param letter the only letter that directives may have
     * @param values the function that returns the value for an argument; either may be missing
     * @throws IllegalArgumentException if a directive is malformed or has no value
     */
    static Buffer replaced(Buffer content, char letter, Function<Optional<String>, Optional<String>> values) {
        // ISO 8859-1 maps each byte to one character, so binary content is preserved.
        String bytes = content.toString(StandardCharsets.ISO_8859_1);
        Matcher matcher = DIRECTIVE.matcher(bytes);
        return Buffer.buffer(matcher.replaceAll(found -> Matcher.quoteReplacement(value(found, letter, values)))
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String value(MatchResult found, char letter, Function<Optional<String>, Optional<String>> values) {
        if (found.group(1) != null) {
            return "%";
        }
        if (found.group(3) == null || found.group(3).charAt(0) != letter) {
            throw new IllegalArgumentException("the content has a directive that the filter does not define");
        }
        Optional<String> argument = Optional.ofNullable(found.group(2))
                .map(text -> new String(
                        text.replaceAll("\\\\(.)", "$1").getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8));
        String value = values.apply(argument)
                .orElseThrow(() -> new IllegalArgumentException("the content has a variable without a value"));
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
