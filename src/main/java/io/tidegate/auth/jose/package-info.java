/**
 * Signs tokens and verifies their signatures. Parses tokens, JWKS and PEM, decides which keys fit which algorithm, and
 * uses JWTAuth to sign and verify. No other package uses JWTAuth. The values of this package are thread-safe.
 */
@NullMarked
package io.tidegate.auth.jose;

import org.jspecify.annotations.NullMarked;
