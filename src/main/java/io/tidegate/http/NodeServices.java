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
import io.tidegate.ops.ui.UiOptions;
import io.tidegate.proxy.origin.Origins;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The services that all HTTP verticles of a node share. All of them are thread-safe.
 *
 * @param pages the embedded pages; empty if they are disabled
 * @param internals access to internals of Vert.x and Netty, if they may be used
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

    /** The event loops of the node that serve streams. */
    public interface Loops {

        /**
         * Applies a function to the open streams of each event loop. The function runs on that loop.
         *
         * @return a future with the results, which completes on any thread
         */
        <T> Future<List<T>> query(Function<OpenStreams, T> question);
    }

    /**
     * The options that can change while a node runs.
     *
     * @param kinds the kinds that the gateway serves at the root even if an origin has the prefix {@code /}
     * @param watched the kinds that are owned by an origin and followed by a watch
     * @param taps the rules that turn changes made by origins into events
     */
    public record Options(
            HttpOptions http,
            AuthOptions auth,
            StreamOptions streams,
            PollOptions poll,
            UiOptions ui,
            Set<Kind> kinds,
            Set<Kind> watched,
            List<Tap> taps,
            String defaultRecipe) {}
}
