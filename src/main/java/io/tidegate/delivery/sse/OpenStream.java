package io.tidegate.delivery.sse;

import io.tidegate.event.Selection;

/**
 * Describes an open stream.
 *
 * @param owner the owner of the stream
 * @param selection the events that it contains
 * @param lagEvents the number of events, of any topic, that it is behind its event loop
 * @param lagMillis the number of milliseconds for which its client has accepted no bytes; 0 while it accepts them
 */
public record OpenStream(Admission.Owner owner, Selection selection, long lagEvents, long lagMillis) {}
