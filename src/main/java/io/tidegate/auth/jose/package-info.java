/**
 * Signed tokens and the keys that verify them, as JOSE writes them down: JWS, JWKS, PEM, and the algorithms. Reads bytes and
 * believes nothing; values, for every thread.
 */
@NullMarked
package io.tidegate.auth.jose;

import org.jspecify.annotations.NullMarked;
