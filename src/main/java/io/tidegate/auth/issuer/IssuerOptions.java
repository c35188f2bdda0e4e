package io.tidegate.auth.issuer;

import io.tidegate.auth.jose.Algorithm;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Somebody else whose tokens count here.
 *
 * @param issuer what its tokens name as {@code iss}
 * @param audience what they must name as {@code aud}; {@code *} for anything or nothing
 * @param algorithms those that it may sign with, as {@code RS256}; no other counts, whatever its keys could do
 * @param keys where its keys are: an {@code https} URL of a JWKS ({@code http} on this machine alone), or a file,
 *     relative to the data folder, that holds a JWKS, PEM, or the bytes of a secret
 * @param claims where its tokens say what they allow
 */
public record IssuerOptions(String issuer, String audience, List<String> algorithms, String keys, ClaimPaths claims) {

    static final String ANY_AUDIENCE = "*";

    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** With the claims under their own names. */
    public IssuerOptions(String issuer, String audience, List<String> algorithms, String keys) {
        this(issuer, audience, algorithms, keys, ClaimPaths.DEFAULTS);
    }

    public IssuerOptions {
        algorithms = List.copyOf(algorithms);
        if (issuer.isBlank() || issuer.contains("|") || issuer.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("issuer must be what its tokens name as iss, without |");
        }
        if (audience.isBlank()) {
            throw new IllegalArgumentException("audience must not be empty");
        }
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("algorithms must name those that the issuer signs with");
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
        } catch (java.net.URISyntaxException notAUrl) {
            throw new IllegalArgumentException("keys must be a file or a URL", notAUrl);
        }
        String host = String.valueOf(url.getHost());
        boolean safe = "https".equals(url.getScheme())
                || "http".equals(url.getScheme()) && LOOPBACK.matcher(host).matches();
        if (!safe || url.getHost() == null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("keys must come by https, or by http from this machine");
        }
        if (algorithms.stream().anyMatch(name -> name.startsWith("HS"))) {
            throw new IllegalArgumentException("algorithms must not be of a secret, which no URL should give away");
        }
    }

    boolean remote() {
        return URL.matcher(keys).matches();
    }

    Set<Algorithm> allowed() {
        return algorithms.stream().map(Algorithm::valueOf).collect(Collectors.toSet());
    }
}
