package io.tidegate.delivery.sse;

import io.tidegate.edge.netty.Internals;

/** The same streams where internals are not used, so that every byte goes through the response. */
class StreamsWrittenPlainlyTest extends StreamsTest {

    @Override
    Internals internals() {
        return Internals.UNUSED;
    }
}
