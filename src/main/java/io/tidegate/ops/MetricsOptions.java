package io.tidegate.ops;

/**
 * Configures the metrics that are recorded in addition to the gateway's own.
 *
 * @param vertx the metrics of Vert.x itself
 */
public record MetricsOptions(VertxCategories vertx) {

    public static final MetricsOptions DEFAULTS = new MetricsOptions(VertxCategories.DEFAULTS);

    /**
     * Selects the categories of Vert.x Micrometer Metrics that are recorded. Metrics in the categories that are enabled
     * by default are read only when they are scraped, or they count events that occur a few times per second. All
     * others count each request, publish, connection or write.
     *
     * @param eventLoops the tasks that wait for each event loop, and the memory of Netty's buffers
     * @param pools the tasks on worker threads
     * @param eventBus the messages between the gateway's verticles, of which there are a few per commit and per publish
     * @param httpClient the requests to origins
     * @param httpServer the requests of clients and operators
     * @param netClient the outgoing TCP connections that do not use HTTP
     * @param netServer the incoming TCP connections that do not use HTTP
     * @param datagram the UDP packets
     * @param verticles the deployed verticles
     */
    public record VertxCategories(
            boolean eventLoops,
            boolean pools,
            boolean eventBus,
            boolean httpClient,
            boolean httpServer,
            boolean netClient,
            boolean netServer,
            boolean datagram,
            boolean verticles) {

        public static final VertxCategories DEFAULTS =
                new VertxCategories(true, true, false, false, false, false, false, false, false);

        public static final VertxCategories NONE =
                new VertxCategories(false, false, false, false, false, false, false, false, false);
    }
}
