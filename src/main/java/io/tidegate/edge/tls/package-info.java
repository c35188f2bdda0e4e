/**
 * The certificate of the gateway: read, checked, and reloaded when its files change. Blocking work runs off the event
 * loops.
 */
@NullMarked
package io.tidegate.edge.tls;

import org.jspecify.annotations.NullMarked;
