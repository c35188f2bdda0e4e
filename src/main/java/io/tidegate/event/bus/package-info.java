/**
 * What goes over the event bus: objects that cannot change, by reference, and the events of one commit, which everybody
 * hears.
 */
@NullMarked
package io.tidegate.event.bus;

import org.jspecify.annotations.NullMarked;
