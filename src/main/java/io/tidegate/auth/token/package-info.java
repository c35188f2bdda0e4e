/**
 * Whose token this is, what that allows, and until when: makes tokens, verifies them, and reads their claims. Safe from
 * every thread.
 */
@NullMarked
package io.tidegate.auth.token;

import org.jspecify.annotations.NullMarked;
