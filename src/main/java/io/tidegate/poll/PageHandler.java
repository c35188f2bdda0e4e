package io.tidegate.poll;

import io.tidegate.event.Cursor;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.hub.Hub;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.Standing;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
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
        int limit = number(request, "limit", options.limit(), 1, options.maxLimit());
        int wait = number(request, "wait", 0, 0, (int) options.maxWait().toSeconds());
        String since = request.getParam("since");
        if (since == null || since.isEmpty()) {
            journal.readLast(selection, limit)
                    .onSuccess(page -> answer(ctx, page, selection))
                    .onFailure(ctx::fail);
        } else {
            read(ctx, since, selection, limit, Duration.ofSeconds(wait));
        }
    }

    private void read(RoutingContext ctx, String since, Selection selection, int limit, Duration wait) {
        Cursor asked = journal.position(since, selection);
        Standing standing = journal.standing(asked, selection);
        if (standing != Standing.CONTINUED) {
            // Not what is left of the past: the client would take it for everything.
            answer(ctx, new Page(List.of(), journal.head(), true, false), selection);
            return;
        }
        new LongPoll(ctx, hub, selection, wait)
                .untilFound(() -> journal.read(asked, journal.head().offset(), selection, limit))
                .onSuccess(page -> answer(ctx, page, selection))
                .onFailure(ctx::fail);
    }

    private void answer(RoutingContext ctx, Page page, Selection selection) {
        String cursor = page.next().toString();
        String tag = cursor + "-" + page.events().size() + (page.gap() ? "-gap" : "");
        if (!ctx.response().closed()) {
            JsonWriter json = new JsonWriter().page(page, journal.oldest(selection));
            ETags.answer(ctx, tag, cursor, json.buffer());
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
            return Integer.valueOf(text);
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
