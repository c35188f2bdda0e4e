/**
 * Reads the journal on behalf of a client, from the client's cursor until live delivery takes over. Runs on the event
 * loop of the connection.
 */
@NullMarked
package io.tidegate.delivery.follow;

import org.jspecify.annotations.NullMarked;
