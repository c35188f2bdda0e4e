package io.tidegate.kind.instance;

import io.tidegate.event.Kind;
import io.tidegate.journal.Journal;
import io.tidegate.kind.KindVerticle;
import java.time.Clock;

/** Runs the commands of instances. */
public final class InstanceVerticle extends KindVerticle {

    public InstanceVerticle(Journal journal, Clock clock) {
        super(Kind.INSTANCES, new InstanceRules(clock), journal);
    }
}
