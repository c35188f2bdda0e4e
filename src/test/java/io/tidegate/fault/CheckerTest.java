package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests that the checker finds each kind of defect, and none in a flawless run. */
class CheckerTest {

    /** Five events of one publisher at offsets 1 to 5, all acknowledged. */
    private final List<Publication> published = new ArrayList<>(LongStream.rangeClosed(1, 5)
            .mapToObj(n -> Publication.acknowledged(n, at(n)))
            .toList());

    @Test
    void aRunWithoutADefectIsClean() {
        Findings findings = check(reader(1, 2, 3, 4, 5));
        assertEquals(new Findings(5, 5, 0, 0, 0, 0, 0, 0, 0, 0), findings);
        assertTrue(findings.clean());
    }

    @Test
    void whatIsMissingIsFoundByItsPlace() {
        assertEquals(new Findings(5, 3, 2, 0, 0, 0, 0, 0, 1, 0), check(reader(3, 4, 5)));
        assertEquals(new Findings(5, 3, 0, 2, 0, 0, 0, 0, 2, 0), check(reader(1, 3, 5)));
        assertEquals(new Findings(5, 3, 0, 0, 2, 0, 0, 0, 1, 0), check(reader(1, 2, 3)));
        assertEquals(new Findings(5, 0, 0, 0, 5, 0, 0, 0, 1, 0), check(reader()));
        assertEquals(new Findings(5, 0, 0, 0, 5, 0, 0, 0, 1, 0), check(new ReaderLog()));
        assertFalse(check(reader(1, 2, 3)).clean());
    }

    @Test
    void whatComesTwiceIsFound() {
        assertEquals(new Findings(5, 6, 0, 0, 0, 1, 0, 0, 0, 0), check(reader(1, 2, 2, 3, 4, 5)));
        published.add(Publication.unknown(6));
        ReaderLog twice = reader(1, 2, 3, 4, 5).seen(at(6), 6).seen(at(7), 6);
        assertEquals(1, check(twice).duplicates());
    }

    @Test
    void whatComesLateIsFound() {
        assertEquals(new Findings(5, 5, 0, 0, 0, 0, 1, 0, 0, 0), check(reader(1, 3, 2, 4, 5)));
    }

    @Test
    void aPublishersEventsInAnotherOrderAreFound() {
        published.clear();
        published.add(Publication.acknowledged(2, at(1)));
        published.add(Publication.acknowledged(1, at(2)));
        ReaderLog reader = new ReaderLog().began(at(0)).seen(at(1), 2).seen(at(2), 1);
        assertEquals(1, Checker.check(published, List.of(reader), at(2)).reordered());
    }

    @Test
    void whatNobodyPublishedIsFound() {
        assertEquals(1, check(reader(1, 2, 3, 4, 5).seen(at(6), 99)).unexpected());
        published.add(Publication.refused(6));
        assertEquals(1, check(reader(1, 2, 3, 4, 5).seen(at(6), 6)).unexpected());
    }

    @Test
    void anEventElsewhereThanAcknowledgedIsFound() {
        assertEquals(1, check(reader(1, 2, 3, 4).seen(at(6), 5)).unexpected());
    }

    @Test
    void aCursorGivenTwiceIsFound() {
        published.add(Publication.acknowledged(6, at(5)));
        Findings findings = check(reader(1, 2, 3, 4, 5));
        assertEquals(1, findings.unexpected());
        assertEquals(1, findings.lostPostfix());
    }

    @Test
    void anEventOfUnknownOutcomeMayBeSeenByAllOrByNone() {
        published.set(2, Publication.unknown(3));
        assertTrue(check(reader(1, 2, 3, 4, 5)).clean());
        assertTrue(check(reader(1, 2, 4, 5)).clean());
    }

    @Test
    void anEventThatOnlyOthersSawIsASilentGap() {
        published.set(2, Publication.unknown(3));
        Findings findings = Checker.check(published, List.of(reader(1, 2, 3, 4, 5), reader(1, 2, 4, 5)), at(5));
        assertEquals(new Findings(4, 9, 0, 0, 0, 0, 0, 0, 1, 0), findings);
    }

    @Test
    void anAnnouncedGapIsNotSilent() {
        ReaderLog reader = reader(1).announced(at(1), at(4)).seen(at(5), 5);
        assertEquals(new Findings(5, 2, 0, 0, 0, 0, 0, 0, 0, 1), check(reader));
        ReaderLog less = reader(1).announced(at(1), at(3)).seen(at(5), 5);
        assertEquals(new Findings(5, 2, 0, 1, 0, 0, 0, 0, 1, 1), check(less));
    }

    @Test
    void aNewHistoryHasToBeAnnounced() {
        Cursor end = new Cursor("b", 1);
        published.add(Publication.acknowledged(6, end));
        ReaderLog notified = reader(1, 2).announced(at(2), new Cursor("b", 0)).seen(end, 6);
        assertEquals(new Findings(6, 3, 0, 0, 0, 0, 0, 0, 0, 1), Checker.check(published, List.of(notified), end));
        ReaderLog unnotified = reader(1, 2, 3, 4, 5).seen(end, 6);
        assertEquals(1, Checker.check(published, List.of(unnotified), end).silentGaps());
        ReaderLog left = reader(1, 2, 3, 4, 5);
        assertFalse(Checker.check(published, List.of(left), end).clean());
    }

    @Test
    void aReaderAnswersForWhatLiesBetweenItsBeginningAndItsEnd() {
        ReaderLog reader = new ReaderLog().began(at(2)).seen(at(3), 3).left(at(3));
        assertEquals(new Findings(5, 1, 0, 0, 0, 0, 0, 0, 0, 0), check(reader));
        ReaderLog lossy = new ReaderLog().began(at(2)).seen(at(4), 4).left(at(4));
        assertEquals(new Findings(5, 1, 1, 0, 0, 0, 0, 0, 1, 0), check(lossy));
    }

    private Findings check(ReaderLog reader) {
        return Checker.check(published, List.of(reader), at(5));
    }

    private static ReaderLog reader(long... values) {
        ReaderLog log = new ReaderLog().began(at(0));
        LongStream.of(values).forEach(value -> log.seen(at(value), value));
        return log;
    }

    private static Cursor at(long offset) {
        return new Cursor("a", offset);
    }
}
