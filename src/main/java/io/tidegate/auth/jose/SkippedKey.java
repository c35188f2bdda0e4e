package io.tidegate.auth.jose;

import java.util.regex.Pattern;

/**
 * An issuer's key that is not used, as it appears in the log. Because the issuer controls the strings, they are
 * shortened, and characters that could be mistaken for another field of the log line are replaced.
 *
 * @param id the {@code kid} of the key
 * @param type the {@code kty} of the key
 * @param algorithm the {@code alg} of the key
 * @param reason the reason why the key is not used
 * @param fingerprint a number that distinguishes keys that are otherwise equal; never printed
 */
public record SkippedKey(String id, String type, String algorithm, String reason, int fingerprint) {

    /** The placeholder for a value that the key does not have. */
    static final String NONE = "-";

    private static final int MAX_LENGTH = 100;
    private static final Pattern AMBIGUOUS = Pattern.compile("[\\s\\p{C}\"=]");

    public SkippedKey {
        id = plain(id);
        type = plain(type);
        algorithm = plain(algorithm);
    }

    private static String plain(String name) {
        String bounded = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "..." : name;
        return bounded.isEmpty() ? NONE : AMBIGUOUS.matcher(bounded).replaceAll("?");
    }
}
