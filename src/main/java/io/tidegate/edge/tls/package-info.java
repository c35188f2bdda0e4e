/**
 * Reads and validates the gateway's certificate, and reloads it when its files change. Blocking work runs off the event
 * loops.
 */
@NullMarked
package io.tidegate.edge.tls;

import org.jspecify.annotations.NullMarked;
