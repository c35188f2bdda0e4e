/** Determines the address of a client, also behind trusted proxies. Contains only immutable values. */
@NullMarked
package io.tidegate.edge.client;

import org.jspecify.annotations.NullMarked;
