/**
 * The issuers whose tokens are accepted, the gateway and others, each with its keys and the source from which these are
 * read again; issues tokens, verifies them and reads their claims: the caller, what it may do, and until when.
 * Thread-safe.
 */
@NullMarked
package io.tidegate.auth.token;

import org.jspecify.annotations.NullMarked;
