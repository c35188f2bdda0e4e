package io.tidegate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.bench.DeliveryChecker.Arrival;
import io.tidegate.bench.workload.Load;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryCheckerTest {

    /** Two topics and five publishers: topic 1 has the series 1 and 3. */
    private final Load load = new Load(4, 2, "t", 100, 0, 10, OptionalDouble.empty(), 5);

    private final DeliveryChecker tally = new DeliveryChecker(1, load);
    private final List<Sequence> series = IntStream.range(0, Sequence.count(load))
            .mapToObj(number -> new Sequence(number, load))
            .toList();

    @Test
    void everySeriesHasAnOrderOfItsOwn() {
        assertEquals(5, series.size());
        assertEquals(Arrival.EXPECTED, tally.take(1, 1));
        assertEquals(Arrival.EXPECTED, tally.take(3, 1));
        assertEquals(Arrival.EXPECTED, tally.take(3, 2));
        assertEquals(Arrival.EXPECTED, tally.take(1, 2));
        published(1, 2);
        published(3, 2);
        assertEquals(0, tally.lost(series));
    }

    @Test
    void whatComesTwiceOrLateOrWasNotAskedForIsToldApart() {
        tally.take(1, 1);
        assertEquals(Arrival.AGAIN, tally.take(1, 1));
        assertEquals(Arrival.EXPECTED, tally.take(1, 4));
        assertEquals(Arrival.LATE, tally.take(1, 3));
        assertEquals(Arrival.AGAIN, tally.take(1, 3));
        assertEquals(Arrival.AGAIN, tally.take(1, 4));
        assertEquals(Arrival.STRAY, tally.take(2, 1));
        assertEquals(Arrival.STRAY, tally.take(5, 1));
        published(1, 4);
        assertEquals(1, tally.lost(series));
    }

    @Test
    void whatIsMissingAtTheEndIsLostToo() {
        tally.take(1, 2);
        published(1, 4);
        published(3, 1);
        published(0, 9);
        assertEquals(4, tally.lost(series));
    }

    @Test
    void whatWasNotAcknowledgedIsNotLost() {
        tally.take(1, 3);
        published(1, 4);
        series.get(1).failed(1);
        series.get(1).failed(4);
        assertEquals(1, tally.lost(series));
        assertEquals(2, series.get(1).acknowledged());
    }

    private void published(int number, int times) {
        IntStream.range(0, times).forEach(i -> series.get(number).next());
    }
}
