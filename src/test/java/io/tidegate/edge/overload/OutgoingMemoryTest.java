package io.tidegate.edge.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.overload.OutgoingMemory.Recipient;
import org.junit.jupiter.api.Test;

class OutgoingMemoryTest {

    private static final Recipient ANN = new Recipient("ann", "10.0.0.1");

    private long buffers;
    private final OutgoingMemory memory = new OutgoingMemory(1000, () -> buffers);

    @Test
    void aClientHasAQuarterWhichReleasesGiveBack() {
        assertTrue(memory.reserve(ANN, 150));
        assertTrue(memory.reserve(ANN, 100));
        assertFalse(memory.reserve(ANN, 1));
        assertTrue(memory.reserve(new Recipient("ann", "10.0.0.2"), 250), "another address is another client");
        assertTrue(memory.reserve(new Recipient("bob", "10.0.0.1"), 250), "another subject is another client");
        memory.release(ANN, 100);
        assertTrue(memory.reserve(ANN, 100));
        assertEquals(750, memory.used());
        assertEquals(1, memory.refused());
    }

    @Test
    void aClientWithoutAReservationMayExceedItsShareButNotTheMemory() {
        assertFalse(memory.reserve(ANN, 1001));
        assertTrue(memory.reserve(ANN, 900));
        assertFalse(memory.reserve(ANN, 1));
        assertFalse(memory.reserve(new Recipient("bob", "10.0.0.2"), 101));
        memory.release(ANN, 900);
        assertTrue(memory.reserve(ANN, 1000));
    }

    @Test
    void liveStreamsUseHalfOfTheMemoryAndBuffersInUseCount() {
        assertTrue(memory.suffices(500));
        assertFalse(memory.suffices(501));
        buffers = 400;
        assertTrue(memory.suffices(100));
        assertFalse(memory.suffices(101));
        assertFalse(memory.reserve(ANN, 601));
        assertTrue(memory.reserve(ANN, 600));
        assertEquals(600, memory.used(), "the larger of both figures");
        memory.limit(2000);
        assertTrue(memory.suffices(400));
    }
}
