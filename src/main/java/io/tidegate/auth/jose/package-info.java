/**
 * Signed tokens and the keys that verify them: reads tokens, JWKS and PEM, says which keys are good for which algorithm, and
 * has JWTAuth sign and verify. No other package uses JWTAuth. Values, for every thread.
 */
@NullMarked
package io.tidegate.auth.jose;

import org.jspecify.annotations.NullMarked;
