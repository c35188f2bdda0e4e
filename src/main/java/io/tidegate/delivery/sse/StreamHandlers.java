package io.tidegate.delivery.sse;

import io.tidegate.access.Caller;
import io.tidegate.delivery.sse.StreamRequest.What;
import io.tidegate.edge.message.OwnPaths;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.Journal;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Creates the handlers of the routes that respond with a stream. Owned by the event loop of its {@link Streams}. */
public final class StreamHandlers {

    private final Streams streams;
    private final Journal journal;
    private final Function<RoutingContext, Admission> admission;
    private final ProblemMetrics problems;
    private final OwnPaths paths;

    public StreamHandlers(
            Streams streams,
            Journal journal,
            Function<RoutingContext, Admission> admission,
            ProblemMetrics problems,
            OwnPaths paths) {
        this.streams = streams;
        this.journal = journal;
        this.admission = admission;
        this.problems = problems;
        this.paths = paths;
    }

    /** Returns whether the request accepts an event stream. This decides the response on paths that also offer JSON. */
    public static boolean acceptsEventStream(RoutingContext ctx) {
        String accept = ctx.request().getHeader("Accept");
        return accept != null && accept.contains("text/event-stream");
    }

    /**
     * Returns the handler for {@code GET /api/events}, which streams all events that the caller requests and may read.
     */
    public Handler<RoutingContext> events() {
        return ctx -> {
            Caller caller = Caller.of(ctx);
            HttpServerRequest request = ctx.request();
            Selection selection = Selection.parse(request.getParam("topics"), request.getParam("types"), caller.read());
            Framing framing =
                    "envelope".equals(request.getParam("framing")) ? new Framing.Envelope() : new Framing.Named();
            open(ctx, caller, new What(selection, framing, "", Optional.empty(), false));
        };
    }

    /**
     * Returns the handler for {@code GET /api/sse/sessions} and the streams of other kinds, which sends the list,
     * followed by each change.
     */
    public Handler<RoutingContext> ofKind(Kind kind) {
        return ctx -> {
            Caller caller = Caller.of(ctx);
            boolean delta = "true".equals(ctx.request().getParam("delta"));
            boolean latest = "true".equals(ctx.request().getParam("latest"));
            Selection selection = new Selection(List.of(kind.topics()), kind.listedTypes(), caller.read());
            open(
                    ctx,
                    caller,
                    new What(
                            selection,
                            new Framing.OfKind(kind, !delta),
                            paths.reachable(ctx.request(), kind.path()),
                            Optional.empty(),
                            latest));
        };
    }

    /**
     * Returns the handler for {@code GET /api/deploys/{id}/logs} and {@code /events/{id}}, which streams the topic of
     * one member from its first event to its last and then ends the stream. The response to a reader that already has
     * the last event is 204, which tells an EventSource not to reconnect.
     *
     * @param last tests whether an event is the last of its topic; must be the same object for all streams, because
     *     predicates are compared by identity
     */
    public Handler<RoutingContext> untilLast(Kind kind, Predicate<Event> last) {
        return ctx -> {
            Caller caller = Caller.of(ctx);
            String id = ctx.pathParam("id");
            Event latest = journal.latest(kind, id)
                    .orElseThrow(() -> Problem.of(Code.NOT_FOUND, "there is no such " + kind.singular())
                            .toException());
            Selection selection = new Selection(List.of(TopicPattern.of(latest.topic())), List.of(), caller.read());
            if (!selection.matches(latest)) {
                throw Problem.of(Code.FORBIDDEN, "the token does not allow reading this " + kind.singular())
                        .toException();
            }
            Optional<Cursor> from = cursor(ctx.request(), selection);
            boolean complete = from.isPresent()
                    && last.test(latest)
                    && from.get().epoch().equals(latest.cursor().epoch())
                    && from.get().offset() >= latest.offset();
            if (complete) {
                ctx.response().setStatusCode(204).end();
                return;
            }
            What what = new What(selection, new Framing.Envelope(), "", Optional.of(last), false);
            StreamRequest request = new StreamRequest(
                    what,
                    Optional.of(from.orElseGet(() -> journal.oldest(selection))),
                    from.isPresent(),
                    caller.expires());
            start(ctx, request);
        };
    }

    private void open(RoutingContext ctx, Caller caller, What what) {
        Optional<Cursor> from = cursor(ctx.request(), what.selection());
        start(ctx, new StreamRequest(what, from, from.isPresent(), caller.expires()));
    }

    private void start(RoutingContext ctx, StreamRequest request) {
        if (streams.draining()) {
            refuse(ctx, Problem.of(Code.DRAINING, "this node is shutting down"));
            return;
        }
        Admission decision = admission.apply(ctx);
        if (decision instanceof Admission.Owner owner) {
            open(ctx, request, owner);
        } else if (decision instanceof Admission.Refused refused) {
            refuse(ctx, refused.problem());
        }
    }

    private void open(RoutingContext ctx, StreamRequest request, Admission.Owner owner) {
        try {
            head(ctx);
            if (ctx.request().version() == HttpVersion.HTTP_1_1) {
                ctx.response().putHeader("Connection", "close");
            }
            streams.open(ctx.request(), request, owner);
        } catch (RuntimeException | Error failure) {
            owner.release();
            throw failure;
        }
    }

    /**
     * Responds that no stream can be opened now. An EventSource would give up permanently on any status other than 200,
     * so it receives a stream that asks it to reconnect later.
     */
    public void refuse(RoutingContext ctx, Problem problem) {
        if (!acceptsEventStream(ctx)) {
            ctx.fail(problem.toException());
            return;
        }
        problems.count(problem.code());
        head(ctx);
        try (Frames busy = streams.busy(problem, pollPath(ctx), lastEventId(ctx.request()))) {
            ctx.response().end(busy.plain());
        }
    }

    /** Returns the path at which the same data is available as JSON. */
    private String pollPath(RoutingContext ctx) {
        String path = paths.nameOf(ctx.normalizedPath());
        return paths.reachable(
                ctx.request(),
                path.startsWith("/events/")
                        ? Kind.DEPLOYS.path() + "/" + path.substring("/events/".length()) + "/logs"
                        : path.replaceFirst("^/api/sse/", "/api/"));
    }

    private static Optional<Cursor> lastEventId(HttpServerRequest request) {
        String text = request.getHeader("Last-Event-ID");
        try {
            return Optional.ofNullable(text).map(Cursor::parse);
        } catch (ProblemException malformed) {
            return Optional.empty();
        }
    }

    private static void head(RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        response.putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no");
        // An HTTP/1.0 response cannot be chunked and ends when its connection is closed.
        response.setChunked(ctx.request().version() != HttpVersion.HTTP_1_0);
    }

    /**
     * Returns the position from which to continue, or empty if the request has none. {@code Last-Event-ID} takes
     * precedence, because a reconnecting EventSource sends it in addition to the URL with which it was created.
     */
    private Optional<Cursor> cursor(HttpServerRequest request, Selection selection) {
        String text = request.getHeader("Last-Event-ID");
        if (text == null || text.isEmpty()) {
            text = request.getParam("lastEventId");
        }
        if (text == null || text.isEmpty()) {
            text = request.getParam("since");
        }
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(journal.position(text, selection));
    }
}
