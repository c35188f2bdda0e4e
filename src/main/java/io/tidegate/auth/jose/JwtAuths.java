package io.tidegate.auth.jose;

import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;

/** Creates all JWTAuth instances of the gateway. */
final class JwtAuths {

    private JwtAuths() {}

    /**
     * Creates a JWTAuth without a Vertx instance, because the commands that sign tokens have none. JWTAuth needs one
     * only to read a key store from a file.
     *
     * @throws IllegalArgumentException if there is no key, because JWTAuth would then accept unsigned tokens
     */
    static JWTAuth create(JWTAuthOptions options) {
        if (options.getPubSecKeys() == null || options.getPubSecKeys().isEmpty()) {
            throw new IllegalArgumentException(
                    "JWTAuth must have a key, because without one it accepts unsigned tokens");
        }
        return JWTAuth.create(null, options);
    }
}
