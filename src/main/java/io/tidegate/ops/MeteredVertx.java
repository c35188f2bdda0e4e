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

/** Creates a Vert.x instance that records the selected categories of its own metrics in the node's registry. */
public final class MeteredVertx {

    /**
     * A counter that makes registry names unique. The library keeps registries by name in a static map, and a process
     * may run several nodes.
     */
    private static final AtomicLong REGISTRIES = new AtomicLong();

    /**
     * The enabled labels, whose values are fixed or come from the configuration. Methods, paths and addresses come from
     * clients and status codes come from origins, so none of them may become a label.
     */
    private static final EnumSet<Label> LABELS = EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME);

    private MeteredVertx() {}

    /**
     * Creates a node's Vert.x instance.
     *
     * @param registry the registry for the meters of the selected categories; it is not closed by Vert.x
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
