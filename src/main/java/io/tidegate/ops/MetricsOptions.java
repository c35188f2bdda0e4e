package io.tidegate.ops;

/**
 * What is counted besides the gateway's own metrics.
 *
 * @param vertx what Vert.x counts of itself
 */
public record MetricsOptions(VertxCategories vertx) {

    public static final MetricsOptions DEFAULTS = new MetricsOptions(VertxCategories.DEFAULTS);
}
