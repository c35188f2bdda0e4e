package io.tidegate.auth.jose;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys and certificates in PEM (<a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>). */
public final class Pem {

    public static final String BEGIN = "-----BEGIN ";

    private static final String PUBLIC_KEY = "PUBLIC KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> TYPES = List.of("RSA", "EC", "EdDSA");

    private Pem() {}

    /**
     * Reads the keys that fit the issuer's allowed algorithms.
     *
     * @throws KeyException if a block is neither a public key nor a certificate
     */
    public static ParsedKeys parse(String content, Set<Algorithm> allowed) {
        ParsedKeys.Builder parsed = new ParsedKeys.Builder();
        Matcher block = BLOCK.matcher(content);
        while (block.find()) {
            byte[] body = Base64.getMimeDecoder().decode(block.group(2));
            PublicKey key =
                    switch (block.group(1)) {
                        case PUBLIC_KEY -> readPublicKey(body);
                        case "CERTIFICATE" -> readCertificate(body);
                        default ->
                            throw new KeyException(
                                    "contains a block " + block.group(1)
                                            + ", but must contain only PUBLIC KEY and CERTIFICATE",
                                    null);
                    };
            try {
                parsed.use(VerifyKey.of(Optional.empty(), key, allowed));
            } catch (UnusableKeyException unusable) {
                parsed.skip(new SkippedKey(
                        SkippedKey.NONE,
                        key.getAlgorithm(),
                        SkippedKey.NONE,
                        unusable.reason(),
                        Arrays.hashCode(key.getEncoded())));
            }
        }
        return parsed.build();
    }

    /**
     * Encodes a public key as a single PEM block.
     *
     * @param encoded the key in X.509 encoding
     */
    static String publicKey(byte[] encoded) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(encoded);
        return BEGIN + PUBLIC_KEY + "-----\n" + body + "\n-----END " + PUBLIC_KEY + "-----\n";
    }

    private static PublicKey readPublicKey(byte[] encoded) {
        return TYPES.stream()
                .map(type -> readPublicKey(type, encoded))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new KeyException("contains a public key of an unsupported type", null));
    }

    private static Optional<PublicKey> readPublicKey(String type, byte[] encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException another) {
            return Optional.empty();
        }
    }

    private static PublicKey readCertificate(byte[] encoded) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded))
                    .getPublicKey();
        } catch (GeneralSecurityException malformed) {
            throw new KeyException("contains a certificate that cannot be read", null);
        }
    }
}
