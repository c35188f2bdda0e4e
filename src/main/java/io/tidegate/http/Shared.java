package io.tidegate.http;

import io.tidegate.auth.Tickets;
import io.tidegate.auth.Tokens;
import io.tidegate.hub.HubListener;
import io.tidegate.journal.Journal;
import io.tidegate.ops.Headroom;
import io.tidegate.ops.Readiness;
import io.tidegate.poll.PollOptions;
import io.tidegate.problem.Code;
import io.tidegate.proxy.OriginListener;
import io.tidegate.proxy.Origins;
import io.tidegate.publish.PublishListener;
import io.tidegate.sse.StreamListener;
import io.tidegate.sse.StreamOptions;
import io.tidegate.ui.Pages;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all HTTP verticles of a node have in common; each part is safe from every event loop.
 *
 * @param pages the embedded pages; none when they are switched off
 * @param directWrites whether streams may be written past the HTTP encoder
 */
public record Shared(
        Journal journal,
        Clock clock,
        Tokens tokens,
        Tickets tickets,
        Readiness readiness,
        Headroom headroom,
        Origins origins,
        Optional<Pages> pages,
        boolean directWrites,
        Listeners listeners) {

    /** What a node can be given anew while it runs. */
    public record Options(HttpOptions http, StreamOptions streams, PollOptions poll, String defaultRecipe) {}

    /** Who learns what happens. */
    public record Listeners(
            StreamListener streams,
            HubListener hub,
            PublishListener publish,
            OriginListener origins,
            Consumer<Code> problems) {}
}
