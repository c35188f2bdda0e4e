/**
 * Issues tokens, verifies them and reads their claims: the caller of a token, what it grants, and until when. Safe from
 * every thread.
 */
@NullMarked
package io.tidegate.auth.token;

import org.jspecify.annotations.NullMarked;
