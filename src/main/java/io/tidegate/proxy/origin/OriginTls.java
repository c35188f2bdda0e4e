package io.tidegate.proxy.origin;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The TLS options for connections to an origin's {@code https} servers. An empty string means the default.
 *
 * @param caFile the PEM file with the certificates of the trusted authorities; by default, the authorities that Java
 *     trusts
 * @param certificateFile the PEM file with the gateway's client certificate and its chain; by default, the gateway
 *     presents none
 * @param keyFile the PEM file with the private key for that certificate
 * @param serverName the name that a server's certificate must have, which is also sent to the server (SNI) if it
 *     contains a dot; by default, the host in the server's URL
 */
public record OriginTls(String caFile, String certificateFile, String keyFile, String serverName) {

    public static final OriginTls DEFAULTS = new OriginTls("", "", "", "");

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if a component is invalid; the message begins with its name
     */
    public OriginTls {
        if (certificateFile.isEmpty() != keyFile.isEmpty()) {
            String missing = keyFile.isEmpty() ? "key-file" : "certificate-file";
            throw new IllegalArgumentException(missing + " must be set too");
        }
        checkReadable("ca-file", caFile);
        checkReadable("certificate-file", certificateFile);
        checkReadable("key-file", keyFile);
    }

    private static void checkReadable(String name, String file) {
        if (!file.isEmpty() && !isReadable(file)) {
            throw new IllegalArgumentException(name + " must be a readable file");
        }
    }

    private static boolean isReadable(String file) {
        try {
            Path path = Path.of(file);
            return Files.isRegularFile(path) && Files.isReadable(path);
        } catch (InvalidPathException noPath) {
            return false;
        }
    }
}
