/**
 * Issues the gateway's tokens, verifies tokens, and reads their claims: the caller, its permissions and the expiry.
 * Tokens are accepted from the gateway itself and from other issuers, each with its own keys and key source.
 * Thread-safe.
 */
@NullMarked
package io.tidegate.auth.token;

import org.jspecify.annotations.NullMarked;
