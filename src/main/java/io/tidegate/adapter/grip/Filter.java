package io.tidegate.adapter.grip;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A filter that an origin sets on a client's channel, which drops items for this client or changes their content. */
enum Filter {
    /** Drops items that were sent by the client's own user. */
    SKIP_SELF,
    /** Drops items whose {@code skip_users} includes the client's user. */
    SKIP_USERS,
    /** Drops items whose {@code require_sub} is a channel on which the client is not held. */
    REQUIRE_SUB,
    /** Replaces variables in the content with the client's meta values. */
    VAR_SUBST,
    /** Replaces {@code %I} in the content, and in the origin's response, with a {@link BuiltId}. */
    BUILD_ID;

    private static final Pattern NAME = Pattern.compile("[a-z-]{1,40}");

    /**
     * Returns the filter with the given name.
     *
     * @throws IllegalArgumentException if the filter is not supported
     */
    static Filter named(String text) {
        return Arrays.stream(values())
                .filter(filter -> filter.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        NAME.matcher(text).matches()
                                ? "the filter " + text + " is not supported"
                                : "a filter is not supported"));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns whether an item is dropped for the clients in a group.
     *
     * @param key the group's key
     * @param item the item's meta values
     */
    boolean drops(HoldKey key, Map<String, String> item) {
        String user = key.meta().getOrDefault("user", "");
        return switch (this) {
            case SKIP_SELF -> !user.isEmpty() && user.equals(item.get("sender"));
            case SKIP_USERS ->
                !user.isEmpty()
                        && Arrays.stream(item.getOrDefault("skip_users", "").split(",", -1))
                                .anyMatch(skipped -> skipped.strip().equals(user));
            case REQUIRE_SUB -> {
                String required = item.getOrDefault("require_sub", "");
                yield !required.isEmpty()
                        && key.channels().keySet().stream()
                                .noneMatch(topic -> topic.name().equals(GripChannel.name(required)));
            }
            case VAR_SUBST, BUILD_ID -> false;
        };
    }

    /** Returns whether the filter changes the content of items. */
    boolean changesContent() {
        return this == VAR_SUBST || this == BUILD_ID;
    }

    /**
     * Returns the content with variables ({@code %(name)s}) replaced with their values, and {@code %%} with a percent
     * sign.
     *
     * @throws IllegalArgumentException if a variable has no value, or if a percent sign is not the start of a variable
     *     or of {@code %%}
     */
    static Buffer substituted(Buffer content, Map<String, String> values) {
        return Directives.replaced(content, 's', name -> name.map(values::get));
    }
}
