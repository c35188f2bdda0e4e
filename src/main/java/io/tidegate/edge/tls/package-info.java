/**
 * Reads and checks the certificate of the gateway, and reloads it when its files change. Blocking work runs off the
 * event loops.
 */
@NullMarked
package io.tidegate.edge.tls;

import org.jspecify.annotations.NullMarked;
