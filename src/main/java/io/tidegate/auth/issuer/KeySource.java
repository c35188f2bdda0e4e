package io.tidegate.auth.issuer;

import io.tidegate.auth.jose.VerifyKey;
import io.vertx.core.Future;
import java.util.List;

/** Where the keys of an issuer are read from, again and again. */
@FunctionalInterface
interface KeySource {

    /** The keys as they are there now, at least one; fails with what is wrong with them. */
    Future<List<VerifyKey>> read();
}
