package io.tidegate.auth.jose;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;

/**
 * Signs tokens with a single secret, using HS256. Does not check the length of the secret, because tokens for origins
 * may be signed with a secret of any length; the caller must do so if required. Thread-safe.
 */
public final class TokenSigner {

    private static final String ALGORITHM = Algorithm.HS256.name();

    /** Options that prevent JWTAuth from adding an {@code iat} from the system clock. */
    private final JWTOptions options = new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true);

    private final JWTAuth auth;

    public TokenSigner(byte[] secret) {
        PubSecKeyOptions key = new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(Buffer.buffer(secret));
        this.auth = JwtAuths.create(new JWTAuthOptions().addPubSecKey(key));
    }

    /** Returns a token with exactly these claims. */
    public String sign(JsonObject claims) {
        return auth.generateToken(claims, options);
    }
}
