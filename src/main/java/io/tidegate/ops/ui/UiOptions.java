package io.tidegate.ops.ui;

/**
 * The embedded pages.
 *
 * @param enabled whether they are served; without them {@code /} is free for an origin
 */
public record UiOptions(boolean enabled) {

    public static final UiOptions DEFAULTS = new UiOptions(true);
}
