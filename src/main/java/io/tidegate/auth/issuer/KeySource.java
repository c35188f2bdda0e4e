package io.tidegate.auth.issuer;

import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.ParsedKeys;
import io.vertx.core.Future;
import java.util.Set;

/** Where the keys of an issuer are read from, again and again. */
interface KeySource {

    /** The keys as they are there now; fails with what is wrong with the whole. */
    Future<ParsedKeys> read();

    /** The algorithms that the issuer may use. */
    Set<Algorithm> allowed();

    /** The file or URL, for messages. */
    String place();
}
