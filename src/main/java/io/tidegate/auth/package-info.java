/**
 * Identifies and admits callers: reads the credentials of a request (header, cookie, ticket), checks that they agree
 * and that no other site sent the request, and enforces roles. Thread-safe.
 */
@NullMarked
package io.tidegate.auth;

import org.jspecify.annotations.NullMarked;
