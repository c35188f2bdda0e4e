package io.tidegate.delivery.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.hub.HubListener;
import io.tidegate.edge.message.OwnPaths;
import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.bus.Batch;
import io.tidegate.fixture.ForwardingJournal;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.journal.Append;
import io.tidegate.journal.Page;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.journal.retention.Retention;
import io.tidegate.problem.ProblemException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests pages and lists over real sockets with a real journal. The test delivers batches to the hub itself. */
@ExtendWith(VertxExtension.class)
class PagesOverHttpTest {

    private static final ResponseMemory UNLIMITED =
            new ResponseMemory(OutgoingMemory.unlimited(), ctx -> new OutgoingMemory.Recipient("ann", "127.0.0.1"));
    private static final Clock CLOCK = Clock.systemUTC();
    /** How long before its token expires a caller's access ends. */
    private static final Duration ON_THE_WAY = Duration.ofMillis(100);

    private static final PollOptions OPTIONS = new PollOptions(3, 5, Duration.ofSeconds(60));

    private final WatchedJournal journal = new WatchedJournal();
    private volatile List<TopicPattern> grants = List.of(TopicPattern.ALL);
    private volatile Duration timeLeft = Duration.ofHours(1);

    private final Bed bed = new Bed();

    /**
     * A journal that retains ten events of other topics, reports its reads, and runs actions of the test before and
     * after a read.
     */
    private static final class WatchedJournal extends ForwardingJournal {

        private final BlockingQueue<Long> reads = new LinkedBlockingQueue<>();
        private volatile Runnable before = () -> {};
        private volatile Runnable after = () -> {};

        WatchedJournal() {
            super(new MemoryJournal(
                    Clock.systemUTC(),
                    Map.of(Kind.OTHER, new Retention(10, Duration.ofDays(1), 1L << 30, 100, 1 << 24))));
        }

        @Override
        public Future<Page> read(Cursor from, long through, Selection selection, int limit) {
            before.run();
            Future<Page> page = super.read(from, through, selection, limit);
            after.run();
            reads.add(from.offset());
            return page;
        }
    }

    /** An event loop with a hub and the handlers. */
    @SuppressWarnings("NullAway") // the fields are set when the verticle is deployed
    private final class Bed extends AbstractVerticle {
        private Hub hub;
        private int port;

        @Override
        public void start(Promise<Void> started) {
            hub = new Hub(task -> context.runOnContext(v -> task.run()), HubListener.NONE, journal.head());
            PageHandler pages = new PageHandler(journal, hub, OPTIONS, CLOCK, OwnPaths.PLAIN, UNLIMITED);
            Router router = Router.router(vertx);
            router.route().handler(ctx -> {
                new Caller(
                                "reader",
                                Role.VIEWER,
                                grants,
                                List.of(),
                                CLOCK.instant().plus(timeLeft).plus(ON_THE_WAY))
                        .attachTo(ctx);
                ctx.next();
            });
            router.route("/events").handler(pages);
            router.route("/deploys/:id").handler(pages.ofMember(Kind.DEPLOYS));
            router.route("/sessions").handler(new ListHandler(Kind.SESSIONS, journal, UNLIMITED));
            router.route().failureHandler(ctx -> {
                String code = ctx.failure() instanceof ProblemException refused
                        ? refused.problem().code().text()
                        : "failed";
                ctx.response().setStatusCode(400).end(code);
            });
            vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onSuccess(done -> port = done.actualPort())
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        void run(Runnable task) {
            context.runOnContext(ignored -> task.run());
        }
    }

    @BeforeEach
    void deploy(Vertx vertx, VertxTestContext test) {
        vertx.deployVerticle(bed).onComplete(test.succeedingThenComplete());
    }

    @Test
    void withoutACursorThePageHasTheLastEventsAndSaysNothingOfAResume() throws Exception {
        commit(5);
        JsonObject page = get("/events").json();
        assertEquals(List.of(3, 4, 5), data(page));
        assertEquals(Set.of("events", "cursor", "gap", "more"), page.fieldNames());
        assertEquals(journal.head().toString(), page.getString("cursor"));
        assertFalse(page.getBoolean("gap"));
    }

    @Test
    void aCursorOfThisHistoryIsContinued() throws Exception {
        commit(5);
        JsonObject page = get("/events?since=" + journal.beginning()).json();
        assertEquals(List.of(1, 2, 3), data(page));
        assertEquals("continued", page.getString("resume"));
        assertTrue(page.getBoolean("more"));
        assertFalse(page.containsKey("oldest"));
        page = get("/events?since=" + page.getString("cursor")).json();
        assertEquals(List.of(4, 5), data(page));
        assertFalse(page.getBoolean("more"));
        page = get("/events?since=" + page.getString("cursor")).json();
        assertEquals(List.of(), data(page));
        assertEquals("continued", page.getString("resume"));
    }

    @Test
    void anEventHasEverythingThatWasPublished() throws Exception {
        commit(Draft.of("items", "item.created", "a\"b", JsonText.parse("{\"part_number\":\"a\\\"b\",\"n\":1.0}")));
        String body = get("/events").body();
        JsonObject event = new JsonObject(body).getJsonArray("events").getJsonObject(0);
        assertEquals(Set.of("cursor", "time", "topic", "type", "key", "data"), event.fieldNames());
        assertEquals("a\"b", event.getString("key"));
        assertTrue(body.contains("\"n\":1.0"), body);
    }

    @Test
    void anEvictedCursorIsAGapWithTheOldestThatIsLeft() throws Exception {
        commit(15);
        JsonObject page =
                get("/events?topics=demo&since=" + journal.head().at(2)).json();
        assertEquals("gap", page.getString("resume"));
        assertTrue(page.getBoolean("gap"));
        assertEquals(List.of(), data(page));
        assertEquals(journal.head().toString(), page.getString("cursor"));
        assertEquals(journal.head().at(5).toString(), page.getString("oldest"));
        assertFalse(page.containsKey("snapshot"));
        page = get("/events?since=" + page.getString("oldest")).json();
        assertEquals(List.of(6, 7, 8), data(page));
        assertEquals("continued", page.getString("resume"));
    }

    @ParameterizedTest
    @CsvSource({"/events?since={future}, gap", "/events?wait=30&since={foreign}, fresh"})
    void aCursorFromElsewhereIsNoReasonToWaitNorToSendEverything(String path, String resume) throws Exception {
        commit(2);
        JsonObject page = get(path.replace("{future}", journal.head().at(99).toString())
                        .replace("{foreign}", "another-1"))
                .json();
        assertEquals(resume, page.getString("resume"));
        assertTrue(page.getBoolean("gap"));
        assertEquals(List.of(), data(page));
        assertEquals(journal.head().toString(), page.getString("cursor"));
    }

    @ParameterizedTest
    @CsvSource({
        "sessions, /api/sessions",
        "deploys/42, /api/deploys",
        "items, /api/items",
        "instances, /api/instances",
        "'sessions,items', ",
        "demo, ",
        "**, "
    })
    void afterAGapTheListThatHoldsTheStateIsNamed(String topics, String snapshot) throws Exception {
        assertEquals(
                snapshot, get("/events?since=another-1&topics=" + topics).json().getString("snapshot"));
    }

    @Test
    void oldestIsEverythingThatIsKept() throws Exception {
        commit(12);
        JsonObject page = get("/events?limit=5&since=oldest").json();
        assertEquals(List.of(3, 4, 5, 6, 7), data(page));
        assertEquals("continued", page.getString("resume"));
    }

    @Test
    void retentionThatOvertakesTheReadIsAGapWithWhatIsLeft() throws Exception {
        commit(10);
        String since = journal.beginning().toString();
        journal.before = () -> {
            journal.before = () -> {};
            commit(3);
        };
        JsonObject page = get("/events?since=" + since).json();
        assertEquals("gap", page.getString("resume"));
        assertTrue(page.getBoolean("gap"));
        assertEquals(List.of(4, 5, 6), data(page));
        assertEquals(journal.head().at(3).toString(), page.getString("oldest"));
    }

    @ParameterizedTest
    @CsvSource({
        "since=garbage, invalid-cursor",
        "since=-1, invalid-cursor",
        "since=a-b, invalid-cursor",
        "limit=0, invalid-parameter",
        "limit=x, invalid-parameter",
        "limit=, invalid-parameter",
        "wait=-1, invalid-parameter",
        "topics=, ''",
        "since=, ''",
        "limit=6, ''",
        "wait=61, ''",
        "unknown=1, ''"
    })
    void parametersAreCheckedAndTooMuchIsCutToTheLimit(String query, String code) throws Exception {
        commit(8);
        Answer answer = get("/events?" + query);
        assertEquals(code.isEmpty() ? 200 : 400, answer.status());
        if (code.isEmpty()) {
            assertEquals(query.equals("limit=6") ? 5 : 3, data(answer.json()).size());
        } else {
            assertEquals(code, answer.body());
        }
    }

    @Test
    void aLongPollIsWokenByItsOwnEventsOnly() throws Exception {
        try (RawClient client = new RawClient(bed.port)) {
            client.send(request("/events?topics=demo&wait=60&since=" + journal.head(), ""));
            awaitRead();
            deliver(commit(Draft.of("elsewhere", "t", JsonText.parse("1"))));
            deliver(commit(Draft.of("demo", "t", JsonText.parse("2"))));
            assertEquals(List.of(2), data(client.response().json()));
        }
        awaitRead();
        assertTrue(journal.reads.isEmpty(), "an event of another topic must not wake the request");
    }

    @Test
    void anEventBetweenTheReadAndTheWaitIsNotMissed() throws Exception {
        journal.after = () -> {
            journal.after = () -> {};
            bed.hub.accept(commit(1));
        };
        assertEquals(
                List.of(1), data(get("/events?wait=60&since=" + journal.head()).json()));
    }

    @Test
    void anEventThatIsThereAlreadyNeedsNoWait() throws Exception {
        String since = journal.head().toString();
        commit(1);
        assertEquals(List.of(1), data(get("/events?wait=60&since=" + since).json()));
    }

    @Test
    void aLongPollEndsEmptyAfterItsTime() throws Exception {
        long begin = System.nanoTime();
        JsonObject page = get("/events?wait=1&since=" + journal.head()).json();
        assertEquals(List.of(), data(page));
        assertEquals("continued", page.getString("resume"));
        assertTrue(System.nanoTime() - begin >= 900_000_000);
    }

    @Test
    void aLongPollEndsWithItsTokenAtTheLatest() throws Exception {
        timeLeft = Duration.ofMillis(300);
        assertEquals(
                List.of(), data(get("/events?wait=60&since=" + journal.head()).json()));
        timeLeft = Duration.ZERO;
        assertEquals(
                List.of(), data(get("/events?wait=60&since=" + journal.head()).json()));
    }

    @Test
    void whoHasGoneIsNotWaitedForAndTheSeatIsFree() throws Exception {
        try (RawClient client = new RawClient(bed.port)) {
            client.send(request("/events?topics=demo&wait=60&since=" + journal.head(), ""));
            awaitRead();
        }
        // The end of the request causes one more read, after which the request stops waiting.
        awaitRead();
        deliver(commit(1));
        assertEquals(200, get("/events").status());
        assertTrue(journal.reads.isEmpty());
    }

    @Test
    void aFailingReadIsAFailure() throws Exception {
        journal.before = () -> {
            throw new IllegalStateException("the disk is gone");
        };
        assertEquals("failed", get("/events?wait=5&since=" + journal.head()).body());
        assertEquals("failed", get("/events?since=" + journal.head()).body());
    }

    @Test
    void aPageThatIsTheSameIsNotSentAgain() throws Exception {
        commit(2);
        String path = "/events?since=" + journal.beginning();
        Answer page = get(path);
        String tag = page.header("ETag");
        assertEquals("private, no-cache", page.header("Cache-Control"));
        assertEquals("Accept, Authorization, Cookie", page.header("Vary"));
        assertEquals(page.json().getString("cursor"), page.header("Tidegate-Cursor"));
        for (String held : List.of(tag, "W/" + tag, "*", "\"x\", " + tag, "\"x\"\r\nIf-None-Match: " + tag)) {
            Answer again = get(path, "If-None-Match: " + held + "\r\nCache-Control: no-cache\r\n");
            assertEquals(304, again.status(), held);
            assertEquals("", again.body());
            assertEquals(tag, again.header("ETag"));
        }
        assertEquals(200, get(path, "If-None-Match: \"x\"\r\n").status());
        commit(1);
        assertEquals(200, get(path, "If-None-Match: " + tag + "\r\n").status());
    }

    @Test
    void aPageAndAGapAtTheSamePlaceDiffer() throws Exception {
        String page = get("/events?since=" + journal.head()).header("ETag");
        assertNotEquals(page, get("/events?since=another-1").header("ETag"));
        assertNotEquals(page, get("/events").header("ETag"));
    }

    @Test
    void grantsBoundWhatIsSeen() throws Exception {
        commit(Draft.of("demo", "t", JsonText.parse("1")), Draft.of("secret", "t", JsonText.parse("2")));
        grants = List.of(new TopicPattern("demo"));
        assertEquals(List.of(1), data(get("/events").json()));
        assertEquals(List.of(), data(get("/events?topics=secret").json()));
    }

    @Test
    void aListHasTheLatestOfEachMemberThatMayBeSeen() throws Exception {
        commit(session("a", 1), session("b", 1), session("a", 2));
        Answer list = get("/sessions");
        assertEquals(
                "{\"sessions\":[{\"id\":\"a\",\"n\":2},{\"id\":\"b\",\"n\":1}],\"cursor\":\"" + journal.head() + "\"}",
                list.body());
        assertEquals(journal.head().toString(), list.header("Tidegate-Cursor"));
        String held = "If-None-Match: " + list.header("ETag") + "\r\n";
        commit(1);
        assertEquals(304, get("/sessions", held).status());
        commit(session("b", 2));
        assertEquals(200, get("/sessions", held).status());
        grants = List.of(new TopicPattern("demo"));
        assertEquals(new JsonArray(), get("/sessions").json().getJsonArray("sessions"));
    }

    @Test
    void aMembersPageBeginsWithTheMemberAndItsFirstEvent() throws Exception {
        commit(
                Draft.of("deploys/7", "deploy_created", "7", JsonText.parse("{\"id\":\"7\",\"status\":\"running\"}")),
                Draft.of("deploys/8", "deploy_log", JsonText.parse("0")),
                Draft.of("deploys/7", "deploy_log", JsonText.parse("1")));
        JsonObject page = get("/deploys/7").json();
        assertEquals("running", page.getJsonObject("deploy").getString("status"));
        assertEquals(2, page.getJsonArray("events").size());
        assertEquals("continued", page.getString("resume"));
        page = get("/deploys/7?since=another-1").json();
        assertEquals("fresh", page.getString("resume"));
        assertFalse(page.containsKey("snapshot"));
        assertEquals("not-found", get("/deploys/9").body());
        grants = List.of(new TopicPattern("deploys/8"));
        assertEquals("forbidden", get("/deploys/7").body());
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 1", "6, 5, 1", "3, 5, -1"})
    void optionsOutOfBoundsAreRefused(int limit, int maxLimit, int maxWait) {
        assertThrows(
                IllegalArgumentException.class, () -> new PollOptions(limit, maxLimit, Duration.ofSeconds(maxWait)));
    }

    private void awaitRead() throws InterruptedException {
        assertTrue(journal.reads.poll(20, TimeUnit.SECONDS) != null, "the journal was not read");
    }

    private void deliver(Batch batch) {
        bed.run(() -> bed.hub.accept(batch));
    }

    private Batch commit(Draft... drafts) {
        List<Event> events = journal.commit(List.of(new Append(List.of(drafts))))
                .result()
                .get(0)
                .events();
        return new Batch(events, System.nanoTime());
    }

    /** Commits the given number of events, each with its offset as data. */
    private Batch commit(int number) {
        long from = journal.head().offset();
        return commit(IntStream.rangeClosed(1, number)
                .mapToObj(i -> Draft.of("demo", "tick", JsonText.parse(Long.toString(from + i))))
                .toArray(Draft[]::new));
    }

    private static Draft session(String id, int n) {
        return Draft.of("sessions", "session_updated", id, JsonText.parse("{\"id\":\"" + id + "\",\"n\":" + n + "}"));
    }

    private Answer get(String path, String... headers) throws IOException {
        try (RawClient client = new RawClient(bed.port)) {
            return client.send(request(path, String.join("", headers))).response();
        }
    }

    private static String request(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    }

    private static List<Object> data(JsonObject page) {
        return page.getJsonArray("events").stream()
                .map(event -> ((JsonObject) event).getValue("data"))
                .toList();
    }
}
