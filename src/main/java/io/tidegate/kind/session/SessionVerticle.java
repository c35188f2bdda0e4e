package io.tidegate.kind.session;

import io.tidegate.event.Kind;
import io.tidegate.journal.Journal;
import io.tidegate.kind.KindVerticle;
import java.time.Clock;

/** Runs the commands of sessions. */
public final class SessionVerticle extends KindVerticle {

    public SessionVerticle(Journal journal, Clock clock) {
        super(Kind.SESSIONS, new SessionRules(clock), journal);
    }
}
