package io.tidegate.http;

import io.tidegate.adapter.grip.GripOptions;
import io.tidegate.adapter.tap.Tap;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.auth.Tickets;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Tokens;
import io.tidegate.delivery.poll.PollOptions;
import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.edge.limit.Limits;
import io.tidegate.edge.netty.Internals;
import io.tidegate.edge.overload.Headroom;
import io.tidegate.event.Kind;
import io.tidegate.journal.Journal;
import io.tidegate.ops.Readiness;
import io.tidegate.ops.ui.Pages;
import io.tidegate.proxy.origin.Origins;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What all HTTP verticles of a node have in common; each part is safe from every event loop.
 *
 * @param pages the embedded pages; none when they are switched off
 * @param internals whether internals of Vert.x and Netty may be used
 */
public record NodeServices(
        Journal journal,
        Clock clock,
        Tokens tokens,
        Tickets tickets,
        Readiness readiness,
        Headroom headroom,
        Origins origins,
        Limits limits,
        GripOptions grip,
        Optional<Pages> pages,
        Internals internals,
        Loops loops,
        Watches watches,
        ClientMetrics metrics) {

    /** All event loops of the node that have streams. */
    public interface Loops {

        /**
         * Asks each of them on its own thread.
         *
         * @return what they said; completed on any thread
         */
        <T> Future<List<T>> ask(Function<OpenStreams, T> question);
    }

    /**
     * What a node can be given anew while it runs.
     *
     * @param watched kinds that an origin owns and a watch tells of
     * @param taps what becomes of changes that origins made
     */
    public record Options(
            HttpOptions http,
            AuthOptions auth,
            StreamOptions streams,
            PollOptions poll,
            Set<Kind> watched,
            List<Tap> taps,
            String defaultRecipe) {}
}
