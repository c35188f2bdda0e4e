/**
 * Who a request comes from, what that allows, and until when. Safe to use from any event loop.
 */
@NullMarked
package io.tidegate.auth;

import org.jspecify.annotations.NullMarked;
