package io.tidegate.delivery.sse;

/** The same streams where writing past the encoder is not to be had. */
class StreamsWrittenPlainlyTest extends StreamsTest {

    @Override
    boolean directWrites() {
        return false;
    }
}
