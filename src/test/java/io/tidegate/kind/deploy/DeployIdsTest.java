package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeployIdsTest {

    @Test
    void laterIdsSortAfterEarlierOnes() {
        String early = at("1971-01-01T00:00:00Z", 1);
        String late = at("2026-07-01T00:00:00Z", 1);
        String later = at("2026-07-01T00:00:00.001Z", 2);
        assertTrue(early.compareTo(late) < 0 && late.compareTo(later) < 0, early + ' ' + late + ' ' + later);
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        assertNotEquals(at("2026-07-01T00:00:00Z", 1), at("2026-07-01T00:00:00Z", 2));
    }

    @Test
    void anIdIsShortAndATopicSegment() {
        String id = at("2026-07-01T00:00:00Z", 3);
        assertEquals(14, id.length());
        assertTrue(Deploy.isId(id));
    }

    @Test
    void aPathIsNoId() {
        for (String text : new String[] {"", ".", "..", "a/b", "../a", "a b", "a\n", "x".repeat(129)}) {
            assertTrue(!Deploy.isId(text), text);
        }
    }

    private static String at(String time, int seed) {
        return new DeployIds(Clock.fixed(Instant.parse(time), ZoneOffset.UTC), new Random(seed)).get();
    }
}
