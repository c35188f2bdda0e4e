package io.tidegate.kind.item;

import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.journal.Journal;
import io.tidegate.kind.KindVerticle;

/** Takes the state of the server that owns the items: the one command of {@link Kind#OTHER}. */
public final class ServerStateVerticle extends KindVerticle {

    public static final Topic TOPIC = new Topic("server");

    public ServerStateVerticle(Journal journal) {
        super(Kind.OTHER, new ServerStateRules(), journal);
    }
}
