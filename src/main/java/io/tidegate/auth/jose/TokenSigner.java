package io.tidegate.auth.jose;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;

/**
 * Signs tokens with one secret, by HS256. Safe from every thread. The length of the secret is for the caller to check: what
 * origins verify may be signed with any.
 */
public final class TokenSigner {

    private static final String ALGORITHM = Algorithm.HS256.name();

    /** Without a time of its own, which JWTAuth would take from the clock of the system. */
    private final JWTOptions options = new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true);

    private final JWTAuth auth;

    public TokenSigner(byte[] secret) {
        PubSecKeyOptions key = new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(Buffer.buffer(secret));
        this.auth = JwtAuths.create(new JWTAuthOptions().addPubSecKey(key));
    }

    /** A token with exactly these claims. */
    public String sign(JsonObject claims) {
        return auth.generateToken(claims, options);
    }
}
