/**
 * What stands between a client's socket and its requests: how heads are read, how long anybody is waited for, what of one
 * connection is under way together. Everything belongs to the event loop of its connection.
 */
@NullMarked
package io.tidegate.connection;

import org.jspecify.annotations.NullMarked;
