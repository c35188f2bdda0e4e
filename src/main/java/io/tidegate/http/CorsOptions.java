package io.tidegate.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cross-origin pages that may read the gateway's responses, with credentials.
 *
 * @param origins the origins in the form that browsers send in {@code Origin}: the scheme, the host and, unless it is
 *     the default, the port
 */
public record CorsOptions(List<String> origins) {

    public static final CorsOptions DEFAULTS = new CorsOptions(List.of());

    private static final Pattern ORIGIN =
            Pattern.compile("(https?)://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");
    private static final Set<String> DEFAULT_PORTS = Set.of("http:80", "https:443");

    public CorsOptions {
        origins = List.copyOf(origins);
        for (int i = 0; i < origins.size(); i++) {
            check("origins[" + i + "]", origins.get(i));
        }
    }

    private static void check(String key, String origin) {
        if (origin.equals("*")) {
            throw new IllegalArgumentException(
                    key + " must be one origin: a wildcard would let every page read all that its visitor may");
        }
        Matcher parts = ORIGIN.matcher(origin);
        if (!parts.matches()) {
            throw new IllegalArgumentException(key
                    + " must be a scheme and a host, and nothing after the port, such as https://app.example.com, not '"
                    + origin.toLowerCase(Locale.ROOT) + "'");
        }
        if (parts.group(3) != null && DEFAULT_PORTS.contains(parts.group(1) + parts.group(3))) {
            throw new IllegalArgumentException(key + " must not contain the default port: browsers omit it");
        }
    }
}
