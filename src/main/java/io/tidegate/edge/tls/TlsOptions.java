package io.tidegate.edge.tls;

import java.time.Duration;
import java.util.List;

/**
 * The TLS options of the gateway, for use without a proxy in front. Without a certificate, the gateway uses plain HTTP.
 *
 * @param certificateFile the PEM file with the certificate and its chain; empty for none
 * @param keyFile the PEM file with the private key
 * @param hsts the time for which browsers must use only TLS; 0 disables the {@code Strict-Transport-Security} header
 * @param cipherSuites the cipher suites that clients may use, by their Java names, in order of preference
 */
public record TlsOptions(String certificateFile, String keyFile, Duration hsts, List<String> cipherSuites) {

    /**
     * The suites with forward secrecy and authenticated encryption, which are the only ones that
     * <a href="https://www.rfc-editor.org/rfc/rfc9325#section-4.2">RFC 9325 4.2</a> recommends and RFC 9113 9.2.2
     * allows.
     */
    private static final List<String> MODERN = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    public static final TlsOptions DEFAULTS = new TlsOptions("", "", Duration.ZERO);

    /** Creates options with the default cipher suites. */
    public TlsOptions(String certificateFile, String keyFile, Duration hsts) {
        this(certificateFile, keyFile, hsts, MODERN);
    }

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
        cipherSuites = List.copyOf(cipherSuites);
        if (cipherSuites.isEmpty()) {
            throw new IllegalArgumentException("cipher-suites must not be empty");
        }
    }

    public boolean enabled() {
        return !certificateFile.isEmpty();
    }
}
