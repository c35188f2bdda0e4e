/** Determines the address of a client, even if it connects through trusted proxies. Contains only immutable values. */
@NullMarked
package io.tidegate.edge.client;

import org.jspecify.annotations.NullMarked;
