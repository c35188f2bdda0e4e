package io.tidegate.delivery.poll;

import io.tidegate.access.Caller;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.edge.message.EntityTag;
import io.tidegate.edge.message.OwnPaths;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handles {@code GET /api/events} as JSON. The page has at most {@code limit} events after {@code since}; if there are
 * none, the request waits up to {@code wait} seconds for the first. If there is no {@code since}, the page has the last
 * events. Owned by the hub's event loop.
 *
 * <p>The body is {@code {"events":[…],"cursor":"…","gap":false,"resume":"continued","more":false}}. The next page
 * begins at {@code cursor}, on any transport, and is available immediately if {@code more} is true. {@code resume} is
 * present if the request has a {@code since}:
 *
 * <ul>
 *   <li>{@code continued}: nothing is missing between {@code since} and the page. This is always the status if
 *       {@code since} is the word {@code oldest}, which stands for the oldest position from which the selection is
 *       complete.
 *   <li>{@code gap}: {@code since} belongs to this history, but either not all events after it are retained, or it is
 *       beyond the head.
 *   <li>{@code fresh}: {@code since} belongs to another history.
 * </ul>
 *
 * <p>For the last two statuses, {@code gap} is true and the page has no events, so that a client does not mistake an
 * incomplete history for a complete one. In this case, {@code cursor} is the current position, {@code oldest} is the
 * position of the oldest retained event, and {@code snapshot} is the path of the list that contains the current state,
 * if there is one. If retention deletes events of a page while the page is being read, the status is {@code gap} and
 * the page has events. A {@code since} that is not a cursor is refused with {@code invalid-cursor}.
 */
public final class PageHandler implements Handler<RoutingContext> {

    private final Journal journal;
    private final Hub hub;
    private final PollOptions options;
    private final Clock clock;
    private final OwnPaths paths;
    private final ResponseMemory memory;

    public PageHandler(
            Journal journal, Hub hub, PollOptions options, Clock clock, OwnPaths paths, ResponseMemory memory) {
        this.journal = journal;
        this.hub = hub;
        this.options = options;
        this.clock = clock;
        this.paths = paths;
        this.memory = memory;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Selection selection = Selection.parse(
                request.getParam("topics"),
                request.getParam("types"),
                Caller.of(ctx).read());
        respond(ctx, selection, request.getParam("since"), options.limit(), Optional.empty());
    }

    /**
     * Returns the handler for {@code GET /api/deploys/{id}/logs} as JSON, which responds with a page of one member's
     * topic, preceded by the member itself. If the request has no cursor, the page begins with the first event of the
     * topic.
     */
    public Handler<RoutingContext> ofMember(Kind kind) {
        return ctx -> {
            Event member = journal.latest(kind, ctx.pathParam("id"))
                    .orElseThrow(() -> Problem.of(Code.NOT_FOUND, "there is no such " + kind.singular())
                            .toException());
            Selection selection = new Selection(
                    List.of(TopicPattern.of(member.topic())),
                    List.of(),
                    Caller.of(ctx).read());
            if (!selection.matches(member)) {
                throw Problem.of(Code.FORBIDDEN, "the token does not allow reading this " + kind.singular())
                        .toException();
            }
            String since = ctx.request().getParam("since");
            respond(ctx, selection, since == null ? "oldest" : since, options.maxLimit(), Optional.of(member));
        };
    }

    private void respond(
            RoutingContext ctx, Selection selection, @Nullable String since, int defaultLimit, Optional<Event> member) {
        HttpServerRequest request = ctx.request();
        int limit = number(request, "limit", defaultLimit, 1, options.maxLimit());
        int wait = number(request, "wait", 0, 0, (int) options.maxWait().toSeconds());
        Duration left = Caller.of(ctx).timeLeft(clock);
        Duration timeout = left.compareTo(Duration.ofSeconds(wait)) < 0 ? left : Duration.ofSeconds(wait);
        Future<Answer> answer = since == null || since.isEmpty()
                ? journal.readLast(selection, limit).map(page -> answer(page, Optional.empty(), member))
                : resume(ctx, journal.position(since, selection), selection, limit, timeout, member);
        answer.<Void>map(found -> send(ctx, found)).onFailure(ctx::fail);
    }

    private Future<Answer> resume(
            RoutingContext ctx, Cursor since, Selection selection, int limit, Duration wait, Optional<Event> member) {
        Optional<String> snapshot = Optional.of(selection)
                .filter(all -> member.isEmpty())
                .flatMap(Resume::snapshotOf)
                .map(kind -> paths.reachable(ctx.request(), kind.path()));
        ResumeStatus status = journal.resumeStatus(since, selection);
        if (status != ResumeStatus.CONTINUED) {
            Page nothing = new Page(List.of(), journal.head(), true, false);
            Resume resume = new Resume(status, journal.oldest(selection), snapshot);
            return Future.succeededFuture(answer(nothing, Optional.of(resume), member));
        }
        return new LongPoll(ctx, hub, selection, wait)
                .untilFound(() -> journal.read(since, journal.head().offset(), selection, limit))
                .map(page -> {
                    ResumeStatus afterRead = page.gap() ? ResumeStatus.GAP : ResumeStatus.CONTINUED;
                    Resume resume = new Resume(afterRead, journal.oldest(selection), snapshot);
                    return answer(page, Optional.of(resume), member);
                });
    }

    private static Answer answer(Page page, Optional<Resume> resume, Optional<Event> member) {
        String status = resume.map(known -> known.status().text()).orElse("last");
        EntityTag tag = new EntityTag(page.next() + "-" + page.events().size() + "-" + status);
        return new Answer(tag, page.next(), JsonWriter.page(page, resume, member));
    }

    private @Nullable Void send(RoutingContext ctx, Answer answer) {
        if (!ctx.response().closed()) {
            answer.send(ctx, memory);
        }
        return null;
    }

    private static int number(HttpServerRequest request, String name, int defaultValue, int min, int max) {
        String text = request.getParam(name);
        if (text == null) {
            return defaultValue;
        }
        Integer value = parse(text);
        if (value == null || value < min) {
            throw Problem.of(Code.INVALID_PARAMETER, name + " must be between " + min + " and " + max)
                    .toException();
        }
        return Math.min(value, max);
    }

    private static @Nullable Integer parse(String text) {
        try {
            // Integer.valueOf also accepts non-ASCII digits.
            return text.chars().allMatch(c -> c < 0x80) ? Integer.valueOf(text) : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
