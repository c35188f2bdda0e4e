/**
 * Identifies and admits callers. Reads the credentials of a request (header, cookie, ticket), checks that they agree
 * and that the request was not sent by another site, and enforces roles. Thread-safe.
 */
@NullMarked
package io.tidegate.auth;

import org.jspecify.annotations.NullMarked;
