package io.tidegate.auth.issuer;

/**
 * Where the tokens of an issuer say what they allow. A path is the name of a claim, or, where there is no claim of that
 * name, names joined by dots: {@code realm_access.roles}. What it leads to is an array of strings, or one string of words
 * with spaces between them, as {@code scope} is.
 *
 * @param roles the roles; the highest of those that we know counts
 * @param topics patterns of what may be read
 * @param publish patterns of what may be published to; without it, what may be read
 */
public record ClaimPaths(String roles, String topics, String publish) {

    public static final ClaimPaths DEFAULTS = new ClaimPaths("roles", "topics", "publish");

    public ClaimPaths {
        check("roles", roles);
        check("topics", topics);
        check("publish", publish);
    }

    private static void check(String key, String path) {
        if (path.isBlank()) {
            throw new IllegalArgumentException(key + " must name a claim");
        }
    }
}
