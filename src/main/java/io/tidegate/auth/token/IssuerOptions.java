package io.tidegate.auth.token;

import io.tidegate.auth.jose.Algorithm;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An issuer other than the gateway whose tokens are accepted.
 *
 * @param issuer the {@code iss} of its tokens
 * @param audience the required {@code aud}; with {@code *}, a token may have any {@code aud} or none
 * @param algorithms the algorithms that its tokens may use, such as {@code RS256}; tokens that use others are refused,
 *     even if a key fits
 * @param keys the source of its keys: an {@code https} URL of a JWKS ({@code http} only on this machine), or a file,
 *     relative to the data folder, that contains a JWKS, PEM, or a raw secret
 * @param claims the claims that hold the grants of its tokens
 */
public record IssuerOptions(String issuer, String audience, List<String> algorithms, String keys, ClaimPaths claims) {

    static final String ANY_AUDIENCE = "*";

    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** Creates options with the default claims. */
    public IssuerOptions(String issuer, String audience, List<String> algorithms, String keys) {
        this(issuer, audience, algorithms, keys, ClaimPaths.DEFAULTS);
    }

    public IssuerOptions {
        algorithms = List.copyOf(algorithms);
        if (issuer.isBlank() || issuer.contains("|") || issuer.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("issuer must be the iss of its tokens and must not contain |");
        }
        if (audience.isBlank()) {
            throw new IllegalArgumentException("audience must not be empty");
        }
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("algorithms must contain at least one algorithm");
        }
        for (int i = 0; i < algorithms.size(); i++) {
            if (Algorithm.named(algorithms.get(i)).isEmpty()) {
                throw new IllegalArgumentException(
                        "algorithms[" + i + "] must be one of " + List.of(Algorithm.values()));
            }
        }
        if (keys.isBlank()) {
            throw new IllegalArgumentException("keys must be a file or a URL");
        }
        if (URL.matcher(keys).matches()) {
            checkUrl(keys, algorithms);
        }
    }

    private static void checkUrl(String keys, List<String> algorithms) {
        URI url;
        try {
            url = new URI(keys);
        } catch (URISyntaxException notAUrl) {
            throw new IllegalArgumentException("keys must be a file or a URL", notAUrl);
        }
        String host = String.valueOf(url.getHost());
        boolean safe = "https".equals(url.getScheme())
                || "http".equals(url.getScheme()) && LOOPBACK.matcher(host).matches();
        if (!safe || url.getHost() == null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("keys must be an https URL, or an http URL of this machine");
        }
        if (algorithms.stream().anyMatch(name -> name.startsWith("HS"))) {
            throw new IllegalArgumentException("algorithms must not be HS256, HS384 or HS512 if keys is a URL");
        }
    }

    boolean remote() {
        return URL.matcher(keys).matches();
    }

    Set<Algorithm> allowed() {
        return algorithms.stream().map(Algorithm::valueOf).collect(Collectors.toSet());
    }
}
