/**
 * All code that depends on internals of Vert.x and Netty: strict request decoding, timeouts for slow clients, trailers,
 * and fixes for the HTTP client and server. No other package may import those internals. Each object is confined to the
 * event loop of its connection.
 */
@NullMarked
package io.tidegate.edge.netty;

import org.jspecify.annotations.NullMarked;
