package io.tidegate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.bench.DeliveryChecker.Arrival;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryCheckerTest {

    /** A load with two topics and five publishers: topic 1 has the series 1 and 3. */
    private final Load load = new Load(4, 2, "t", 100, 0, 10, OptionalDouble.empty(), 5);

    private final DeliveryChecker checker = new DeliveryChecker(1, load);
    private final List<Sequence> series = IntStream.range(0, Sequence.count(load))
            .mapToObj(number -> new Sequence(number, load))
            .toList();

    @Test
    void everySeriesHasAnOrderOfItsOwn() {
        assertEquals(5, series.size());
        assertEquals(Arrival.EXPECTED, checker.record(1, 1));
        assertEquals(Arrival.EXPECTED, checker.record(3, 1));
        assertEquals(Arrival.EXPECTED, checker.record(3, 2));
        assertEquals(Arrival.EXPECTED, checker.record(1, 2));
        published(1, 2);
        published(3, 2);
        assertEquals(0, checker.lost(series));
    }

    @Test
    void whatComesTwiceOrLateOrWasNotAskedForIsToldApart() {
        checker.record(1, 1);
        assertEquals(Arrival.DUPLICATE, checker.record(1, 1));
        assertEquals(Arrival.EXPECTED, checker.record(1, 4));
        assertEquals(Arrival.LATE, checker.record(1, 3));
        assertEquals(Arrival.DUPLICATE, checker.record(1, 3));
        assertEquals(Arrival.DUPLICATE, checker.record(1, 4));
        assertEquals(Arrival.STRAY, checker.record(2, 1));
        assertEquals(Arrival.STRAY, checker.record(5, 1));
        published(1, 4);
        assertEquals(1, checker.lost(series));
    }

    @Test
    void whatIsMissingAtTheEndIsLostToo() {
        checker.record(1, 2);
        published(1, 4);
        published(3, 1);
        published(0, 9);
        assertEquals(4, checker.lost(series));
    }

    @Test
    void whatWasNotAcknowledgedIsNotLost() {
        checker.record(1, 3);
        published(1, 4);
        series.get(1).failed(1);
        series.get(1).failed(4);
        assertEquals(1, checker.lost(series));
        assertEquals(2, series.get(1).acknowledged());
    }

    private void published(int number, int times) {
        IntStream.range(0, times).forEach(i -> series.get(number).next());
    }
}
