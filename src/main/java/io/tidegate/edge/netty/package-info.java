/**
 * Everything that depends on internals of Vert.x and Netty: how requests are decoded, how long a client may take, trailers,
 * and fixes for what the HTTP client and server lack. No other package may import those internals. Everything belongs to
 * the event loop of its connection.
 */
@NullMarked
package io.tidegate.edge.netty;

import org.jspecify.annotations.NullMarked;
