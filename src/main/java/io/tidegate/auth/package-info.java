/**
 * Who a request comes from: what it brings along (header, cookie, ticket), whether that agrees and is its own, and who is
 * let in. Safe to use from any event loop.
 */
@NullMarked
package io.tidegate.auth;

import org.jspecify.annotations.NullMarked;
