/**
 * The issuers whose tokens are accepted: the gateway and others, each with its keys, the source that these are read
 * from repeatedly, and the claims that hold its grants. Safe from every thread.
 */
@NullMarked
package io.tidegate.auth.issuer;

import org.jspecify.annotations.NullMarked;
