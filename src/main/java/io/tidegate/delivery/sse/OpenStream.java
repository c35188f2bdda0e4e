package io.tidegate.delivery.sse;

import io.tidegate.event.Selection;

/**
 * Description of an open stream.
 *
 * @param owner owner of the stream
 * @param selection events that it contains
 * @param lagEvents number of positions of the history, whatever their topics, that it is behind its event loop
 * @param lagMillis for how many milliseconds its client has accepted no bytes; 0 while it accepts them
 */
public record OpenStream(Admission.Owner owner, Selection selection, long lagEvents, long lagMillis) {}
