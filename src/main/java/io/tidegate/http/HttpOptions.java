package io.tidegate.http;

/**
 * Where clients reach the gateway.
 *
 * @param host address to listen on
 * @param port 0 picks a free one
 * @param eventLoops how many HTTP verticles, each with a loop of its own; 0 means one per processor
 * @param maxBody bytes a request body that we read ourselves may have
 */
public record HttpOptions(String host, int port, int eventLoops, int maxBody) {

    public static final HttpOptions DEFAULTS = new HttpOptions("127.0.0.1", 8080, 0, 1 << 20);
}
