/** The limits of one connection: how much a client may send and how long it may take. */
@NullMarked
package io.tidegate.edge.connection;

import org.jspecify.annotations.NullMarked;
