package io.tidegate.edge.tls;

import java.time.Duration;

/**
 * TLS for those who have no proxy in front; without a certificate the gateway speaks plain HTTP.
 *
 * @param certificateFile PEM file of the certificate and those it was issued by; empty for none
 * @param keyFile PEM file of its private key
 * @param hsts how long browsers are told to come by TLS alone; 0 tells them nothing
 */
public record TlsOptions(String certificateFile, String keyFile, Duration hsts) {

    public static final TlsOptions DEFAULTS = new TlsOptions("", "", Duration.ZERO);

    public TlsOptions {
        if (certificateFile.isEmpty() && !keyFile.isEmpty()) {
            throw new IllegalArgumentException("certificate-file is required beside key-file");
        }
        if (keyFile.isEmpty() && !certificateFile.isEmpty()) {
            throw new IllegalArgumentException("key-file is required beside certificate-file");
        }
        if (hsts.isNegative()) {
            throw new IllegalArgumentException("hsts must not be negative");
        }
    }

    public boolean enabled() {
        return !certificateFile.isEmpty();
    }
}
