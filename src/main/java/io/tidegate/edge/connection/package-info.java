/** The limits on the size and duration of a client's requests on one connection. */
@NullMarked
package io.tidegate.edge.connection;

import org.jspecify.annotations.NullMarked;
