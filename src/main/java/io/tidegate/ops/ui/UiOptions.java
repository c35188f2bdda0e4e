package io.tidegate.ops.ui;

/**
 * The embedded pages.
 *
 * @param enabled whether they are served; if not, an origin can use {@code /}
 */
public record UiOptions(boolean enabled) {

    public static final UiOptions DEFAULTS = new UiOptions(true);
}
