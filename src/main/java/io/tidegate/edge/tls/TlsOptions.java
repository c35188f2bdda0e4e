package io.tidegate.edge.tls;

import java.time.Duration;

/**
 * The TLS of the gateway, for use without a proxy in front. Without a certificate the gateway uses plain HTTP.
 *
 * @param certificateFile PEM file of the certificate and its chain; empty for none
 * @param keyFile PEM file of the private key
 * @param hsts how long browsers must use only TLS; 0 disables the header
 */
public record TlsOptions(String certificateFile, String keyFile, Duration hsts) {

    public static final TlsOptions DEFAULTS = new TlsOptions("", "", Duration.ZERO);

    public TlsOptions {
        if (certificateFile.isEmpty() && !keyFile.isEmpty()) {
            throw new IllegalArgumentException("certificate-file must be set if key-file is set");
        }
        if (keyFile.isEmpty() && !certificateFile.isEmpty()) {
            throw new IllegalArgumentException("key-file must be set if certificate-file is set");
        }
        if (hsts.isNegative()) {
            throw new IllegalArgumentException("hsts must not be negative");
        }
    }

    public boolean enabled() {
        return !certificateFile.isEmpty();
    }
}
