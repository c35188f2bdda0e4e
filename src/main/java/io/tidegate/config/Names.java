package io.tidegate.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Derives the properties of a setting from its name: its spelling in each layer, and whether its value is a number of
 * bytes or a secret.
 */
final class Names {

    private static final Set<String> BYTES = Set.of("bytes", "body", "buffer");
    private static final Set<String> SECRETS = Set.of("secret", "password", "passphrase", "token", "key", "credential");

    private Names() {}

    /**
     * Converts {@code eventLoops} to {@code event-loops}, {@code SQLITE} to {@code sqlite} and {@code A_B} to
     * {@code a-b}.
     */
    static String dashed(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
    }

    static String child(String path, String key) {
        return path.isEmpty() ? key : path + '.' + key;
    }

    /** Converts {@code http.event-loops} to {@code HTTP_EVENT_LOOPS}. */
    static String variable(String path) {
        return path.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /**
     * Returns whether a numeric setting with this name is a number of bytes, which may be written like {@code 256MiB}.
     */
    static boolean countsBytes(String key) {
        return BYTES.contains(lastWord(key));
    }

    /**
     * Returns whether the value of a setting with this name is secret and must be masked. A setting named just
     * {@code key} is the key of an event and not a secret.
     */
    static boolean secret(String key) {
        return SECRETS.contains(lastWord(key)) && !key.equals("key");
    }

    /**
     * Returns the known name that was probably intended by a mistyped one: a name that differs in only a few letters or
     * that ends with the given name.
     */
    static Optional<String> nearest(String given, Collection<String> known) {
        Optional<String> close = known.stream()
                .min(Comparator.comparingInt((String name) -> distance(given, name)))
                .filter(name -> distance(given, name) <= Math.max(2, given.length() / 4));
        return close.or(() -> known.stream()
                .filter(name -> name.endsWith('.' + given) || name.endsWith('_' + given))
                .findFirst());
    }

    static String hint(String given, Collection<String> known) {
        return nearest(given, known).map(name -> "; did you mean " + name + "?").orElse("");
    }

    private static String lastWord(String key) {
        return key.substring(key.lastIndexOf('-') + 1);
    }

    /** Returns the Levenshtein distance. Stores only one row of the matrix. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
