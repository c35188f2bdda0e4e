package io.tidegate.ops;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Configures the HTTP server for operators.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 stands for any free port
 * @param hosts the names, in lower case, that are accepted in {@code Host} in addition to addresses, names without a
 *     dot and {@code host}
 */
public record ManagementOptions(String host, int port, List<String> hosts) {

    public static final ManagementOptions DEFAULTS = new ManagementOptions("127.0.0.1", 9090, List.of());

    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

    public ManagementOptions {
        hosts = List.copyOf(hosts);
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must be an address or a name");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
        }
        for (String name : hosts) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("hosts must be names in lower case, without a port: " + name);
            }
        }
    }
}
