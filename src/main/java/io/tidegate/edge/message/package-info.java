/**
 * The parts of HTTP messages that several packages share: media types, entity tags, hop-by-hop fields, trailers.
 */
@NullMarked
package io.tidegate.edge.message;

import org.jspecify.annotations.NullMarked;
