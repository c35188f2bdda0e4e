/** The limits of one connection on the size and the duration of a client's requests. */
@NullMarked
package io.tidegate.edge.connection;

import org.jspecify.annotations.NullMarked;
