package io.tidegate.http;

import io.tidegate.adapter.tap.Tap;
import io.tidegate.adapter.tap.Taps;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.event.Kind;
import io.tidegate.journal.Appender;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.Set;

/** Leads what the taps hear to the journal; of a kind that is watched, the watch decides first whether it is news. */
final class Tapping {

    private Tapping() {}

    static Taps of(EventBus bus, NodeServices shared, List<Tap> taps, Set<Kind> watched) {
        Appender appender = new Appender(bus);
        return new Taps(
                taps,
                shared.journal(),
                shared.clock(),
                draft -> watched.contains(draft.topic().kind())
                        ? Watches.submit(bus, draft)
                        : appender.append(draft).map(true),
                shared.metrics().taps());
    }
}
