package io.tidegate.proxy;

import java.time.Duration;

/**
 * How long to wait for an origin.
 *
 * @param connect for a connection, a free place in the pool included
 * @param answer for the head of its answer, counted anew while the client's body still moves; an answer that has begun
 *     may be silent for as long as it likes, since it may be a stream
 */
record Patience(Duration connect, Duration answer) {

    static final Patience DEFAULTS = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(60));
}
