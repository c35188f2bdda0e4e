package io.tidegate.kind.item;

import io.tidegate.event.Kind;
import io.tidegate.journal.Journal;
import io.tidegate.kind.KindVerticle;
import java.time.Clock;

/** Runs the commands of items. */
public final class ItemVerticle extends KindVerticle {

    public ItemVerticle(Journal journal, Clock clock) {
        super(Kind.ITEMS, new ItemRules(clock), journal);
    }
}
