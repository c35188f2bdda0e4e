/**
 * The certificate of the gateway: read, checked, and taken anew when its files change. Blocking work is done off the
 * event loops.
 */
@NullMarked
package io.tidegate.edge.tls;

import org.jspecify.annotations.NullMarked;
