package io.tidegate.ops;

/**
 * Which metrics are recorded in addition to the gateway's own.
 *
 * @param vertx the metrics of Vert.x itself
 */
public record MetricsOptions(VertxCategories vertx) {

    public static final MetricsOptions DEFAULTS = new MetricsOptions(VertxCategories.DEFAULTS);

    /**
     * Which categories of Vert.x Micrometer Metrics are recorded. Those that are enabled by default are read when they
     * are scraped, or count things that happen a few times a second; all others count each request, publish, connection
     * or write.
     *
     * @param eventLoops tasks that wait for each event loop, and the memory of Netty's buffers
     * @param pools tasks on worker threads
     * @param eventBus messages between the verticles of the gateway: a few for each commit and each publish
     * @param httpClient requests to origins
     * @param httpServer requests of clients and operators
     * @param netClient outgoing TCP connections other than HTTP
     * @param netServer incoming TCP connections other than HTTP
     * @param datagram UDP packets
     * @param verticles deployed verticles
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
