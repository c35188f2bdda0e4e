/**
 * Implements taps, which are rules that turn a proxied request and its response into an event. Runs on the event loop
 * of the connection.
 */
@NullMarked
package io.tidegate.adapter.tap;

import org.jspecify.annotations.NullMarked;
