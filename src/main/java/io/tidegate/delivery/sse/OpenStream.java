package io.tidegate.delivery.sse;

import io.tidegate.event.Selection;

/**
 * Describes an open stream.
 *
 * @param owner the owner of the stream
 * @param selection the events that the stream contains
 * @param lagEvents the number of events, of any topic, by which the stream is behind its event loop
 * @param lagMillis how long the client has accepted no bytes, in milliseconds; 0 while it accepts bytes
 */
public record OpenStream(Admission.Owner owner, Selection selection, long lagEvents, long lagMillis) {}
