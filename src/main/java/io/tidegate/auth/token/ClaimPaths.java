package io.tidegate.auth.token;

/**
 * The claims that hold the grants of an issuer's tokens. A path is the name of a claim or, if no claim has that name, a
 * sequence of member names joined by dots, such as {@code realm_access.roles}. The claim's value is an array of strings
 * or, as in {@code scope}, a single string of words separated by spaces.
 *
 * @param roles the path of the claim with the roles; the highest known role applies
 * @param topics the path of the claim with the patterns of the topics that may be read
 * @param publish the path of the claim with the patterns of the topics that may be published to; if the claim is
 *     missing, the topics that may be read may also be published to
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
