package io.tidegate.delivery.sse;

import io.tidegate.edge.netty.Internals;

/** Runs the stream tests without Netty internals, so that all bytes are written through the response. */
class StreamsWrittenPlainlyTest extends StreamsTest {

    @Override
    Internals internals() {
        return Internals.UNUSED;
    }
}
