/**
 * What becomes of a change that an origin made: rules that turn a proxied request and its answer into an event. Runs on
 * the event loop of the connection.
 */
@NullMarked
package io.tidegate.adapter.tap;

import org.jspecify.annotations.NullMarked;
