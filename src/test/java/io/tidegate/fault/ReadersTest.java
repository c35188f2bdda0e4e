package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Checks that failures of readers reach the test, and that logs keep events in order. */
class ReadersTest {

    @Test
    void aTaskThatFailsDoesSoForItsCallerAndEndsNothing() throws Exception {
        try (Readers readers = new Readers(1, "token")) {
            IllegalStateException failure = new IllegalStateException("no");
            CompletionException failed = assertThrows(
                    CompletionException.class,
                    () -> readers.on(() -> {
                        throw failure;
                    }));
            assertEquals(failure, failed.getCause());
            assertTrue(readers.await(() -> true, Scene.TIMEOUT));
        }
    }

    @Test
    void theEndOfTheirThreadIsToldWithItsCause() throws Exception {
        Readers readers = new Readers(1, "token");
        readers.open(FaultReader.Plan.of("/").source("no address"));
        CompletionException failed =
                assertThrows(CompletionException.class, () -> readers.await(() -> false, Scene.TIMEOUT));
        assertInstanceOf(UnresolvedAddressException.class, failed.getCause());
        assertThrows(CompletionException.class, readers::close);
    }

    @Test
    void aLogIsReplayedInItsOrder() {
        ReaderLog log = new ReaderLog().announced(new Cursor("z", 4), new Cursor("a", 0));
        List<String> expected = new ArrayList<>(List.of("z-4 to a-0"));
        for (int i = 1; i <= 200; i++) {
            log.seen(new Cursor("a", i), 1000 + i);
            expected.add("a-" + i + " " + (1000 + i));
        }
        log.announced(new Cursor("a", 200), new Cursor("b", 7)).seen(new Cursor("b", 8), 5);
        log.announced(new Cursor("b", 8), new Cursor("b", 9));
        expected.addAll(List.of("a-200 to b-7", "b-8 5", "b-8 to b-9"));
        List<String> replayed = new ArrayList<>();
        log.replay(new ReaderLog.Visitor() {
            @Override
            public void seen(String epoch, long offset, long value) {
                replayed.add(epoch + "-" + offset + " " + value);
            }

            @Override
            public void announced(ReaderLog.Announced gap) {
                replayed.add(gap.from() + " to " + gap.to());
            }
        });
        assertEquals(expected, replayed);
    }
}
