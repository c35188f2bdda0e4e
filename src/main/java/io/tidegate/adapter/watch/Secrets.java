package io.tidegate.adapter.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves header values that refer to secrets in environment variables or files. Reads files, so it must not be used
 * on an event loop.
 */
public final class Secrets {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");
    /** The headers whose values are always secret. */
    private static final Set<String> SECRET_HEADERS =
            Set.of("authorization", "proxy-authorization", "cookie", "x-api-key");

    private static final long MAX_FILE = 64 << 10;

    private Secrets() {}

    /**
     * Validates the value of a configured header.
     *
     * @throws IllegalArgumentException if the value is malformed, or contains a secret instead of a reference to one
     */
    static void check(String name, String value) {
        String rest = REFERENCE.matcher(value).replaceAll("");
        if (rest.contains("${") || rest.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException(
                    "headers." + name + " must be printable ASCII, optionally with ${env:NAME} or ${file:PATH}");
        }
        if (SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT))
                && !REFERENCE.matcher(value).find()) {
            throw new IllegalArgumentException(
                    "headers." + name + " must take its secret from ${env:NAME} or ${file:PATH}");
        }
    }

    /**
     * Returns a line, which begins with the configuration key, for each secret of these watches that cannot be read.
     */
    public static List<String> missing(List<Watch> watches) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < watches.size(); i++) {
            for (Map.Entry<String, String> header : new TreeMap<>(watches.get(i).headers()).entrySet()) {
                try {
                    resolve(header.getValue());
                } catch (IllegalStateException missing) {
                    lines.add("watches[" + i + "].headers." + header.getKey() + ": " + missing.getMessage());
                }
            }
        }
        return lines;
    }

    /**
     * Returns the value with references replaced by the secrets.
     *
     * @throws IllegalStateException if a secret cannot be read; the message contains the name of the variable or file,
     *     but no part of its content
     */
    static String resolve(String value) {
        return REFERENCE
                .matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1).equals("env") ? variable(found.group(2)) : file(found.group(2))));
    }

    private static String variable(String name) {
        return printable(
                System.getenv(name), "the environment variable " + name + " is missing, empty or not printable ASCII");
    }

    private static String file(String name) {
        String refusal = "cannot read a secret from the file " + name;
        try {
            Path path = Path.of(name);
            return printable(Files.size(path) > MAX_FILE ? null : Files.readString(path), refusal);
        } catch (IOException | InvalidPathException | SecurityException unreadable) {
            throw new IllegalStateException(refusal, unreadable);
        }
    }

    private static String printable(@Nullable String secret, String refusal) {
        String text = secret == null ? "" : secret.strip();
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalStateException(refusal);
        }
        return text;
    }
}
