package io.tidegate.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.ops.MetricsOptions.VertxCategories;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicLong;

/** Creates a Vert.x instance that records the chosen categories of its own metrics in the registry of the node. */
public final class MeteredVertx {

    /**
     * Makes names unique: the library keeps registries by name in a static map, and a process may run several nodes.
     */
    private static final AtomicLong REGISTRIES = new AtomicLong();

    /**
     * Labels whose values are fixed or come from the configuration. Methods, paths and addresses come from clients, and
     * status codes from origins, so none of them may become a label.
     */
    private static final EnumSet<Label> LABELS = EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME);

    private MeteredVertx() {}

    /**
     * Creates the Vert.x instance of a node.
     *
     * @param registry the registry for the meters of the categories; Vert.x does not close it
     */
    public static Vertx create(VertxOptions options, VertxCategories categories, MeterRegistry registry) {
        if (categories.equals(VertxCategories.NONE)) {
            return Vertx.vertx(options);
        }
        return Vertx.builder()
                .with(options.setMetricsOptions(metricsOptions(categories)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
    }

    private static MicrometerMetricsOptions metricsOptions(VertxCategories categories) {
        MicrometerMetricsOptions options = new MicrometerMetricsOptions()
                .setEnabled(true)
                .setRegistryName("tidegate-" + REGISTRIES.incrementAndGet())
                .setLabels(LABELS)
                .setNettyMetricsEnabled(categories.eventLoops());
        for (MetricsDomain domain : MetricsDomain.values()) {
            if (!enabled(domain, categories)) {
                options.addDisabledMetricsCategory(domain);
            }
        }
        return options;
    }

    private static boolean enabled(MetricsDomain domain, VertxCategories categories) {
        return switch (domain) {
            case NAMED_POOLS -> categories.pools();
            case EVENT_BUS -> categories.eventBus();
            case HTTP_CLIENT -> categories.httpClient();
            case HTTP_SERVER -> categories.httpServer();
            case NET_CLIENT -> categories.netClient();
            case NET_SERVER -> categories.netServer();
            case DATAGRAM_SOCKET -> categories.datagram();
            case VERTICLES -> categories.verticles();
        };
    }
}
