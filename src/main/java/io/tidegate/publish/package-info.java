/**
 * Publishes events over HTTP: a single event, an array of events, or NDJSON. Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.publish;

import org.jspecify.annotations.NullMarked;
