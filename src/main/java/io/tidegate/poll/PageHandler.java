package io.tidegate.poll;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.hub.Hub;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.Standing;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/events} as JSON: the events after {@code since}, at most {@code limit}; when there are none it waits
 * up to {@code wait} seconds for the first. Without {@code since}, the last events. Belongs to the event loop of its
 * hub.
 */
public final class PageHandler implements Handler<RoutingContext> {

    private final Journal journal;
    private final Hub hub;
    private final PollOptions options;
    private final Function<RoutingContext, List<TopicPattern>> grants;

    public PageHandler(
            Journal journal, Hub hub, PollOptions options, Function<RoutingContext, List<TopicPattern>> grants) {
        this.journal = journal;
        this.hub = hub;
        this.options = options;
        this.grants = grants;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Selection selection = Selection.parse(request.getParam("topics"), request.getParam("types"), grants.apply(ctx));
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
            Selection selection = new Selection(List.of(TopicPattern.of(member.topic())), List.of(), grants.apply(ctx));
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
        Future<Page> page = since == null || since.isEmpty()
                ? journal.readLast(selection, limit)
                : readOn(ctx, journal.position(since, selection), selection, limit, Duration.ofSeconds(wait));
        page.onSuccess(found -> write(ctx, found, selection, member)).onFailure(ctx::fail);
    }

    private Future<Page> readOn(RoutingContext ctx, Cursor since, Selection selection, int limit, Duration wait) {
        if (journal.standing(since, selection) != Standing.CONTINUED) {
            // Not what is left of the past: the client would take it for everything.
            return Future.succeededFuture(new Page(List.of(), journal.head(), true, false));
        }
        return new LongPoll(ctx, hub, selection, wait)
                .untilFound(() -> journal.read(since, journal.head().offset(), selection, limit));
    }

    private void write(RoutingContext ctx, Page page, Selection selection, Optional<Event> member) {
        if (ctx.response().closed()) {
            return;
        }
        String cursor = page.next().toString();
        String tag = cursor + "-" + page.events().size() + (page.gap() ? "-gap" : "");
        ETags.answer(ctx, tag, cursor, JsonWriter.page(page, journal.oldest(selection), member));
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
            return Integer.valueOf(text);
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
