package io.tidegate.auth.token;

/**
 * The claims that hold the grants of an issuer's tokens. A path is the name of a claim or, if no claim has that name, a
 * sequence of names joined by dots: {@code realm_access.roles}. The value is an array of strings, or one string of
 * words separated by spaces, like {@code scope}.
 *
 * @param roles the path of the roles; the highest known role applies
 * @param topics the path of the patterns of topics that may be read
 * @param publish the path of the patterns of topics that may be published to; if this claim is missing, they are the
 *     topics that may be read
 */
record ClaimPaths(String roles, String topics, String publish) {

    static final ClaimPaths DEFAULTS = new ClaimPaths("roles", "topics", "publish");

    ClaimPaths {
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
