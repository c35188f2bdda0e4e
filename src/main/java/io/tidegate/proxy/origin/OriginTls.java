package io.tidegate.proxy.origin;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The TLS options for connections to the {@code https} servers of an origin. An empty string means the default.
 *
 * @param caFile the PEM file with the certificates of the trusted authorities; by default those that Java trusts
 * @param certificateFile the PEM file with the gateway's certificate and its chain; by default it presents none
 * @param keyFile the PEM file with the key of that certificate
 * @param serverName the name that the certificate of a server must have, which is also sent to it (SNI) if it contains
 *     a dot; by default the host of its url
 */
public record OriginTls(String caFile, String certificateFile, String keyFile, String serverName) {

    public static final OriginTls DEFAULTS = new OriginTls("", "", "", "");

    /** @throws IllegalArgumentException if a component is invalid; the message begins with its name */
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
