package io.tidegate.auth.token;

import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.ParsedKeys;
import io.vertx.core.Future;
import java.util.Set;

/** The source of an issuer's keys, which is read repeatedly. */
interface KeySource {

    /** Reads the current keys. The future fails if the source as a whole is unusable. */
    Future<ParsedKeys> read();

    /** Returns the algorithms that the issuer's tokens may use. */
    Set<Algorithm> allowed();

    /** Returns the file or URL of the source, for use in messages. */
    String location();
}
