package io.tidegate.delivery.sse;

import io.tidegate.access.Caller;
import io.tidegate.delivery.sse.StreamRequest.What;
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

/** The routes that answer with a stream. Belongs to the event loop of its {@link Streams}. */
public final class StreamHandlers {

    private final Streams streams;
    private final Journal journal;
    private final Function<RoutingContext, Admission> admission;
    private final ProblemMetrics problems;

    public StreamHandlers(
            Streams streams, Journal journal, Function<RoutingContext, Admission> admission, ProblemMetrics problems) {
        this.streams = streams;
        this.journal = journal;
        this.admission = admission;
        this.problems = problems;
    }

    /** Whether the request wants a stream where the same path also gives JSON. */
    public static boolean acceptsEventStream(RoutingContext ctx) {
        String accept = ctx.request().getHeader("Accept");
        return accept != null && accept.contains("text/event-stream");
    }

    /** {@code GET /api/events}: everything that the caller asks for and may read. */
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

    /** {@code GET /api/sse/sessions} and its like: the list, then each change. */
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
                            "/api/" + kind.plural(),
                            Optional.empty(),
                            latest));
        };
    }

    /**
     * {@code GET /api/deploys/{id}/logs} and {@code /events/{id}}: one member's own topic from its first event to its
     * last, then the end; a reader that has had the last gets 204, which tells an EventSource to stay away.
     *
     * @param last whether an event is the last of its topic; always the same object
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
            boolean over = from.isPresent()
                    && last.test(latest)
                    && from.get().epoch().equals(latest.cursor().epoch())
                    && from.get().offset() >= latest.offset();
            if (over) {
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
        Admission answer = admission.apply(ctx);
        if (answer instanceof Admission.Owner owner) {
            open(ctx, request, owner);
        } else if (answer instanceof Admission.Refused refused) {
            refuse(ctx, refused.problem());
        }
    }

    private void open(RoutingContext ctx, StreamRequest request, Admission.Owner owner) {
        try {
            head(ctx);
            streams.open(ctx.request(), request, owner);
        } catch (RuntimeException | Error failure) {
            owner.release();
            throw failure;
        }
    }

    /**
     * Says that there is no stream now. An EventSource is told inside a stream, which asks it to come back later: on any
     * status but 200 it would give up for ever.
     */
    public void refuse(RoutingContext ctx, Problem problem) {
        if (!acceptsEventStream(ctx)) {
            ctx.fail(problem.toException());
            return;
        }
        problems.count(problem.code());
        head(ctx);
        try (Frames busy = streams.busy(problem, pollPath(ctx.request().path()), lastEventId(ctx.request()))) {
            ctx.response().end(busy.plain());
        }
    }

    /** Where the same can be had as JSON. */
    private static String pollPath(String path) {
        return path.startsWith("/events/")
                ? "/api/deploys/" + path.substring("/events/".length()) + "/logs"
                : path.replaceFirst("^/api/sse/", "/api/");
    }

    private static Optional<Cursor> lastEventId(HttpServerRequest request) {
        String text = request.getHeader("Last-Event-ID");
        try {
            return Optional.ofNullable(text).map(Cursor::parse);
        } catch (ProblemException notOurs) {
            return Optional.empty();
        }
    }

    private static void head(RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        response.putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no");
        // Without chunks the end of an HTTP/1.0 response is the end of its connection.
        response.setChunked(ctx.request().version() != HttpVersion.HTTP_1_0);
    }

    /** {@code Last-Event-ID} first, because a reconnecting EventSource sends it beside the URL it was made with. */
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
