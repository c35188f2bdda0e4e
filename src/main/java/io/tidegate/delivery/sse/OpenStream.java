package io.tidegate.delivery.sse;

import io.tidegate.event.Selection;

/**
 * What is seen of an open stream from outside.
 *
 * @param owner whose it is
 * @param selection what it shows
 * @param lagEvents how many positions of the history it is behind its event loop, whatever is at them
 * @param lagMillis since when its client takes no bytes; 0 while it does
 */
public record OpenStream(Admission.Owner owner, Selection selection, long lagEvents, long lagMillis) {}
