/**
 * Whose tokens count here: the gateway and the issuers beside it, each with its keys, where these are read from again and
 * again, and where its tokens say what they allow. Safe from every thread.
 */
@NullMarked
package io.tidegate.auth.issuer;

import org.jspecify.annotations.NullMarked;
