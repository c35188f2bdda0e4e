package io.tidegate.auth.jose;

import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;

/** Makes every JWTAuth of the gateway. */
final class JwtAuths {

    private JwtAuths() {}

    /**
     * Makes one, without a Vertx: JWTAuth uses that only to read a key store from a file, and the commands that sign have
     * none.
     *
     * @throws IllegalArgumentException when it would have no key, because it would then accept unsigned tokens
     */
    static JWTAuth create(JWTAuthOptions options) {
        if (options.getPubSecKeys() == null || options.getPubSecKeys().isEmpty()) {
            throw new IllegalArgumentException("without a key JWTAuth accepts unsigned tokens");
        }
        return JWTAuth.create(null, options);
    }
}
