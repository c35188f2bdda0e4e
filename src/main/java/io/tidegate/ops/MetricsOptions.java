package io.tidegate.ops;

/**
 * Which metrics are recorded in addition to the gateway's own.
 *
 * @param vertx the metrics of Vert.x itself
 */
public record MetricsOptions(VertxCategories vertx) {

    public static final MetricsOptions DEFAULTS = new MetricsOptions(VertxCategories.DEFAULTS);
}
