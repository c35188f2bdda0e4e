/**
 * Handling of HTTP message parts that several packages share, such as media types, entity tags, hop-by-hop fields and
 * trailers.
 */
@NullMarked
package io.tidegate.edge.message;

import org.jspecify.annotations.NullMarked;
