package io.tidegate.adapter.grip;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an origin may ask for a channel of a client: that some items are not for it, or are made for it alone. */
enum Filter {
    /** Not what the client's own user sent. */
    SKIP_SELF,
    /** Not what is to skip the client's user. */
    SKIP_USERS,
    /** Only what needs no other channel, or one that the client is held on too. */
    REQUIRE_SUB,
    /** With the client's own values where the content has variables. */
    VAR_SUBST;

    private static final Pattern VARIABLE = Pattern.compile("%(?:(%)|\\(([^()]*)\\)s|)");

    /** @throws IllegalArgumentException when it is one that is not done here */
    static Filter named(String text) {
        return Arrays.stream(values())
                .filter(filter -> filter.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no such filter here"));
    }

    String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Whether an item is kept from clients of such an audience. */
    boolean drops(HoldKey audience, Map<String, String> item) {
        String user = audience.meta().getOrDefault("user", "");
        return switch (this) {
            case SKIP_SELF -> !user.isEmpty() && user.equals(item.get("sender"));
            case SKIP_USERS ->
                !user.isEmpty()
                        && Arrays.stream(item.getOrDefault("skip_users", "").split(",", -1))
                                .anyMatch(skipped -> skipped.strip().equals(user));
            case REQUIRE_SUB -> {
                String required = item.getOrDefault("require_sub", "");
                yield !required.isEmpty()
                        && audience.channels().keySet().stream()
                                .noneMatch(topic -> topic.name().equals(GripChannel.name(required)));
            }
            case VAR_SUBST -> false;
        };
    }

    /**
     * The content with values for its variables, {@code %(name)s}; {@code %%} is a percent sign.
     *
     * @throws IllegalArgumentException when it has a variable that has no value, or a percent sign that is none of these
     */
    static Buffer substituted(Buffer content, Map<String, String> values) {
        // One character for each byte, so that content that is no text stays what it is.
        String bytes = content.toString(StandardCharsets.ISO_8859_1);
        Matcher matcher = VARIABLE.matcher(bytes);
        return Buffer.buffer(matcher.replaceAll(found -> Matcher.quoteReplacement(value(found, values)))
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String value(MatchResult found, Map<String, String> values) {
        if (found.group(1) != null) {
            return "%";
        }
        String value = found.group(2) == null ? null : values.get(found.group(2));
        if (value == null) {
            throw new IllegalArgumentException("the content has a variable without a value");
        }
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
