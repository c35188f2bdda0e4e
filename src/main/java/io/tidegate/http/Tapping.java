package io.tidegate.http;

import io.tidegate.adapter.tap.Tap;
import io.tidegate.adapter.tap.Taps;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.event.Kind;
import io.tidegate.journal.Appender;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.Set;

/**
 * Connects taps to the journal. Events of a watched kind are passed to its watch, which decides whether they represent
 * changes.
 */
final class Tapping {

    private Tapping() {}

    static Taps of(EventBus bus, NodeServices services, List<Tap> taps, Set<Kind> watched) {
        Appender appender = new Appender(bus);
        return new Taps(
                taps,
                services.journal(),
                services.clock(),
                draft -> watched.contains(draft.topic().kind())
                        ? Watches.submit(bus, draft)
                        : appender.append(draft).map(true),
                services.metrics().taps());
    }
}
