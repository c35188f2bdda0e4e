package io.tidegate.fault;

import io.tidegate.event.Cursor;
import io.tidegate.fault.Publication.Outcome;
import io.tidegate.fault.ReaderLog.Announced;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Compares the responses that publishers received with the events that readers saw. Has no side effects. */
final class Checker {

    private final Map<Long, Publication> publications = new HashMap<>();
    /** Every event that is known to have existed, by epoch and offset, with its value if it was acknowledged. */
    private final Map<String, NavigableMap<Long, Optional<Long>>> known = new HashMap<>();

    private final List<Publication> acknowledged;
    private final Cursor through;
    private final long conflicts;

    private Checker(Collection<Publication> published, Collection<ReaderLog> readers, Cursor through) {
        this.through = through;
        this.acknowledged = published.stream()
                .filter(publication -> publication.outcome() == Outcome.ACKNOWLEDGED)
                .toList();
        published.forEach(publication -> publications.put(publication.value(), publication));
        readers.forEach(reader -> reader.replay(new Noting()));
        Set<Cursor> cursors = new HashSet<>();
        long twice = 0;
        for (Publication publication : acknowledged) {
            Cursor cursor = publication.cursor().orElseThrow();
            known(cursor.epoch()).put(cursor.offset(), Optional.of(publication.value()));
            twice += cursors.add(cursor) ? 0 : 1;
        }
        this.conflicts = twice;
    }

    /**
     * Checks a finished run.
     *
     * @param through the cursor up to which every reader that did not leave must have read
     */
    static Findings check(Collection<Publication> published, Collection<ReaderLog> readers, Cursor through) {
        Checker checker = new Checker(published, readers, through);
        Findings findings = new Findings(checker.acknowledged.size(), 0, 0, 0, 0, 0, 0, checker.conflicts, 0, 0);
        for (ReaderLog reader : readers) {
            findings = findings.plus(checker.check(reader));
        }
        return findings;
    }

    private NavigableMap<Long, Optional<Long>> known(String epoch) {
        return known.computeIfAbsent(epoch, any -> new TreeMap<>());
    }

    private Findings check(ReaderLog reader) {
        if (reader.start().isEmpty()) {
            // The reader never received an initial position, so it missed all events.
            return new Findings(0, 0, 0, 0, acknowledged.size(), 0, 0, 0, 1, 0);
        }
        Reading reading = new Reading(reader.start().get());
        reader.replay(reading);
        reading.finish(reader.end().orElse(through));
        return reading.findings();
    }

    /** Records every event seen by any reader. */
    private final class Noting implements ReaderLog.Visitor {

        @Override
        public void seen(String epoch, long offset, long value) {
            known(epoch).putIfAbsent(offset, Optional.empty());
        }

        @Override
        public void announced(Announced gap) {
            // A gap does not prove the existence of any event.
        }
    }

    /** Checks one reader. */
    private final class Reading implements ReaderLog.Visitor {

        private final Cursor start;
        private final Set<Long> values = new HashSet<>();
        private final Map<String, Set<Long>> offsets = new HashMap<>();
        private final Map<Integer, Integer> numbers = new HashMap<>();
        private final List<Announced> gaps = new ArrayList<>();
        private final Set<String> epochs = new HashSet<>();
        private Cursor position;
        private long seen;
        private long duplicates;
        private long reordered;
        private long unexpected;
        private long silent;
        private final long[] lost = new long[3];

        Reading(Cursor start) {
            this.start = start;
            this.position = start;
            epochs.add(start.epoch());
        }

        @Override
        public void announced(Announced gap) {
            gaps.add(gap);
            position = gap.to();
            epochs.add(position.epoch());
        }

        @Override
        public void seen(String epoch, long offset, long value) {
            Cursor cursor = new Cursor(epoch, offset);
            seen++;
            unexpected += expected(cursor, value) ? 0 : 1;
            if (!values.add(value)) {
                duplicates++;
                return;
            }
            offsets.computeIfAbsent(cursor.epoch(), any -> new HashSet<>()).add(cursor.offset());
            int number = Publication.number(value);
            Integer before = numbers.put(Publication.publisher(value), number);
            if (!cursor.epoch().equals(position.epoch())) {
                silent += epochs.add(cursor.epoch()) ? 1 : 0;
            } else if (cursor.compareTo(position) <= 0 || before != null && before > number) {
                reordered++;
                return;
            }
            position = cursor;
        }

        private boolean expected(Cursor cursor, long value) {
            Publication publication = publications.get(value);
            return publication != null
                    && publication.outcome() != Outcome.REFUSED
                    && publication.cursor().map(cursor::equals).orElse(true);
        }

        void finish(Cursor end) {
            if (!epochs.contains(end.epoch())) {
                silent++;
                epochs.add(end.epoch());
            }
            for (String epoch : epochs) {
                long after = epoch.equals(start.epoch()) ? start.offset() : 0;
                long to = epoch.equals(end.epoch()) ? end.offset() : Long.MAX_VALUE;
                if (after < to) {
                    missed(epoch, known(epoch).subMap(after, false, to, true));
                }
            }
        }

        private void missed(String epoch, NavigableMap<Long, Optional<Long>> due) {
            Set<Long> had = offsets.getOrDefault(epoch, Set.of());
            boolean missing = false;
            for (Map.Entry<Long, Optional<Long>> event : due.entrySet()) {
                Cursor cursor = new Cursor(epoch, event.getKey());
                boolean silently = !had.contains(cursor.offset()) && !announced(cursor);
                silent += silently && !missing ? 1 : 0;
                missing = silently;
                if (event.getValue().filter(value -> !values.contains(value)).isPresent() && !announced(cursor)) {
                    lost[place(cursor)]++;
                }
            }
        }

        private boolean announced(Cursor cursor) {
            return gaps.stream().anyMatch(gap -> covers(gap, cursor));
        }

        /**
         * Returns whether a gap covers a cursor. A gap with a change of epoch covers the rest of the old epoch and the
         * new one up to the position after the gap.
         */
        private boolean covers(Announced gap, Cursor cursor) {
            boolean afterFrom = cursor.epoch().equals(gap.from().epoch()) && cursor.compareTo(gap.from()) > 0;
            boolean upToTo = cursor.epoch().equals(gap.to().epoch()) && cursor.compareTo(gap.to()) <= 0;
            boolean oneEpoch = gap.from().epoch().equals(gap.to().epoch());
            return oneEpoch ? afterFrom && upToTo : afterFrom || upToTo;
        }

        private int place(Cursor cursor) {
            Set<Long> had = offsets.getOrDefault(cursor.epoch(), Set.of());
            boolean before = had.stream().anyMatch(offset -> offset < cursor.offset());
            boolean after = had.stream().anyMatch(offset -> offset > cursor.offset());
            return !before && after ? 0 : after ? 1 : 2;
        }

        Findings findings() {
            return new Findings(
                    0, seen, lost[0], lost[1], lost[2], duplicates, reordered, unexpected, silent, gaps.size());
        }
    }
}
