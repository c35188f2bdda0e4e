/**
 * The issuers whose tokens are accepted, the gateway and others, each with its keys and their source. This package
 * issues tokens, verifies them and reads their claims: the caller, its permissions and its expiry. Thread-safe.
 */
@NullMarked
package io.tidegate.auth.token;

import org.jspecify.annotations.NullMarked;
