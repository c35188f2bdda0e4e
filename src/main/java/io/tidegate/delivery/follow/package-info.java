/** Reading the journal on behalf of one client, from its cursor until live delivery takes over. */
@NullMarked
package io.tidegate.delivery.follow;

import org.jspecify.annotations.NullMarked;
