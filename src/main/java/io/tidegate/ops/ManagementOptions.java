package io.tidegate.ops;

/**
 * Configures the HTTP server for operators.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 stands for any free port
 */
public record ManagementOptions(String host, int port) {

    public static final ManagementOptions DEFAULTS = new ManagementOptions("127.0.0.1", 9090);

    public ManagementOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must be an address or a name");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
        }
    }
}
