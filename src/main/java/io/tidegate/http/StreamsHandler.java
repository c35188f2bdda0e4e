package io.tidegate.http;

import io.tidegate.auth.Tickets;
import io.tidegate.delivery.sse.OpenStream;
import io.tidegate.event.EventType;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Handles {@code /api/streams}, which lists or ends the open streams of all event loops of this node. Thread-safe. */
final class StreamsHandler {

    private static final int LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    private final NodeServices.Loops loops;
    private final Tickets tickets;

    StreamsHandler(NodeServices.Loops loops, Tickets tickets) {
        this.loops = loops;
        this.tickets = tickets;
    }

    /** Handles {@code GET}, which lists streams, the oldest first. */
    void list(RoutingContext ctx) {
        Optional<String> subject = subject(ctx);
        long after = number(ctx, "after", 0);
        int limit = (int) Math.max(1, Math.min(MAX_LIMIT, number(ctx, "limit", LIMIT)));
        complete(ctx, loops.query(streams -> streams.list(subject, after, limit + 1)), found -> {
            List<OpenStream> oldest = found.stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparingLong(stream -> stream.owner().number()))
                    .toList();
            JsonArray page = new JsonArray();
            oldest.stream().limit(limit).map(StreamsHandler::json).forEach(page::add);
            respond(ctx, new JsonObject().put("streams", page).put("more", oldest.size() > limit));
        });
    }

    /**
     * Handles {@code DELETE ?subject=}, which revokes the subject's tickets, so that they cannot be used to reconnect,
     * and ends the subject's streams.
     */
    void end(RoutingContext ctx) {
        String subject = subject(ctx).orElseThrow(() -> Problem.of(Code.INVALID_PARAMETER, "subject must not be empty")
                .toException());
        int ended = tickets.revoke(subject);
        complete(ctx, loops.query(streams -> streams.end(subject)), counts -> {
            int all = counts.stream().mapToInt(Integer::intValue).sum();
            respond(ctx, new JsonObject().put("streams", all).put("tickets", ended));
        });
    }

    private static JsonObject json(OpenStream stream) {
        return new JsonObject()
                .put("number", stream.owner().number())
                .put("subject", stream.owner().subject())
                .put("address", stream.owner().address())
                .put("since", stream.owner().since().toString())
                .put(
                        "topics",
                        new JsonArray(stream.selection().topics().stream()
                                .map(TopicPattern::text)
                                .toList()))
                .put(
                        "types",
                        new JsonArray(stream.selection().types().stream()
                                .map(EventType.Pattern::text)
                                .toList()))
                .put("lag", new JsonObject().put("events", stream.lagEvents()).put("millis", stream.lagMillis()));
    }

    /** Completes the request on its own event loop with a result from other loops. */
    private static <T> void complete(RoutingContext ctx, Future<T> found, Consumer<T> next) {
        EventLoop.current(ctx.vertx())
                .bring(found)
                .map(value -> {
                    next.accept(value);
                    return value;
                })
                .onFailure(ctx::fail);
    }

    private static void respond(RoutingContext ctx, JsonObject body) {
        if (!ctx.response().closed()) {
            ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(body.toBuffer());
        }
    }

    private static Optional<String> subject(RoutingContext ctx) {
        return Optional.ofNullable(ctx.request().getParam("subject")).filter(text -> !text.isEmpty());
    }

    private static long number(RoutingContext ctx, String name, long defaultValue) {
        String text = ctx.request().getParam(name);
        if (text == null) {
            return defaultValue;
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException malformed) {
            throw Problem.of(Code.INVALID_PARAMETER, name + " must be a non-negative integer")
                    .toException();
        }
    }
}
