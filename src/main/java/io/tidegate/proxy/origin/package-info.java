/**
 * The services behind the gateway: which server is asked, and what is known of each. Shared by all event loops.
 */
@NullMarked
package io.tidegate.proxy.origin;

import org.jspecify.annotations.NullMarked;
