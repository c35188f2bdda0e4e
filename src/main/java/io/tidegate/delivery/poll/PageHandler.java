package io.tidegate.delivery.poll;

import io.tidegate.access.Caller;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.edge.message.EntityTag;
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
 * {@code GET /api/events} as JSON: the events after {@code since}, at most {@code limit}; when there are none it waits
 * up to {@code wait} seconds for the first. Without {@code since}, the last events. Belongs to the event loop of its
 * hub.
 *
 * <p>The answer is {@code {"events":[…],"cursor":"…","gap":false,"resume":"continued","more":false}}; the next page begins
 * at {@code cursor}, on any transport, and is there already when {@code more} is true. {@code resume} stands there when
 * the request has a {@code since}, and is
 *
 * <ul>
 *   <li>{@code continued}: nothing is missing between {@code since} and the page. The word {@code oldest} in its stead,
 *       which means everything that is kept, is always continued.
 *   <li>{@code gap}: {@code since} is of this history, but what followed it is not kept any more, or it lies in the future.
 *   <li>{@code fresh}: {@code since} is of another history.
 * </ul>
 *
 * <p>After the last two, {@code gap} is true, the page has no events, so that nobody takes what is left for everything,
 * {@code cursor} is the position now, {@code oldest} that of the oldest event kept, and {@code snapshot} the path of the
 * list that holds the state, where one list does. Retention may overtake a page while it is read: that is a {@code gap}
 * with events. What is no cursor at all is refused with {@code invalid-cursor}.
 */
public final class PageHandler implements Handler<RoutingContext> {

    private final Journal journal;
    private final Hub hub;
    private final PollOptions options;
    private final Clock clock;

    public PageHandler(Journal journal, Hub hub, PollOptions options, Clock clock) {
        this.journal = journal;
        this.hub = hub;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Selection selection = Selection.parse(
                request.getParam("topics"),
                request.getParam("types"),
                Caller.of(ctx).read());
        answer(ctx, selection, request.getParam("since"), options.limit(), Optional.empty());
    }

    /**
     * {@code GET /api/deploys/{id}/logs} as JSON: the same page of one member's own topic, with the member itself in
     * front, from its first event where the client names no cursor.
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
            answer(ctx, selection, since == null ? "oldest" : since, options.maxLimit(), Optional.of(member));
        };
    }

    private void answer(
            RoutingContext ctx,
            Selection selection,
            @Nullable String since,
            int standardLimit,
            Optional<Event> member) {
        HttpServerRequest request = ctx.request();
        int limit = number(request, "limit", standardLimit, 1, options.maxLimit());
        int wait = number(request, "wait", 0, 0, (int) options.maxWait().toSeconds());
        Duration left = Caller.of(ctx).timeLeft(clock);
        Duration patience = left.compareTo(Duration.ofSeconds(wait)) < 0 ? left : Duration.ofSeconds(wait);
        Future<Answer> answer = since == null || since.isEmpty()
                ? journal.readLast(selection, limit).map(page -> answer(page, Optional.empty(), member))
                : resume(ctx, journal.position(since, selection), selection, limit, patience, member);
        answer.onSuccess(found -> send(ctx, found)).onFailure(ctx::fail);
    }

    private Future<Answer> resume(
            RoutingContext ctx, Cursor since, Selection selection, int limit, Duration wait, Optional<Event> member) {
        Optional<String> snapshot = member.isPresent() ? Optional.empty() : Resume.snapshotOf(selection);
        ResumeStatus standing = journal.resumeStatus(since, selection);
        if (standing != ResumeStatus.CONTINUED) {
            Page nothing = new Page(List.of(), journal.head(), true, false);
            Resume resume = new Resume(standing, journal.oldest(selection), snapshot);
            return Future.succeededFuture(answer(nothing, Optional.of(resume), member));
        }
        return new LongPoll(ctx, hub, selection, wait)
                .untilFound(() -> journal.read(since, journal.head().offset(), selection, limit))
                .map(page -> {
                    ResumeStatus overtaken = page.gap() ? ResumeStatus.GAP : ResumeStatus.CONTINUED;
                    Resume resume = new Resume(overtaken, journal.oldest(selection), snapshot);
                    return answer(page, Optional.of(resume), member);
                });
    }

    private static Answer answer(Page page, Optional<Resume> resume, Optional<Event> member) {
        String status = resume.map(known -> known.standing().text()).orElse("last");
        EntityTag tag = new EntityTag(page.next() + "-" + page.events().size() + "-" + status);
        return new Answer(tag, page.next(), JsonWriter.page(page, resume, member));
    }

    private static void send(RoutingContext ctx, Answer answer) {
        if (!ctx.response().closed()) {
            answer.send(ctx);
        }
    }

    private static int number(HttpServerRequest request, String name, int absent, int least, int most) {
        String text = request.getParam(name);
        if (text == null) {
            return absent;
        }
        Integer value = parse(text);
        if (value == null || value < least) {
            throw Problem.of(Code.INVALID_PARAMETER, name + " is a number from " + least + " to " + most)
                    .toException();
        }
        return Math.min(value, most);
    }

    private static @Nullable Integer parse(String text) {
        try {
            // Integer takes the digits of every script.
            return text.chars().allMatch(c -> c < 0x80) ? Integer.valueOf(text) : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
