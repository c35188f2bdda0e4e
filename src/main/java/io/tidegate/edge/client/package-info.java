/** Determines the address of a client, also behind trusted proxies. Contains only values; has no thread of its own. */
@NullMarked
package io.tidegate.edge.client;

import org.jspecify.annotations.NullMarked;
