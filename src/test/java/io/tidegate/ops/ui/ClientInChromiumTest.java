package io.tidegate.ops.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.ops.ui.FakeGateway.Streams;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the guarantees of {@code client.js} in a real browser. */
class ClientInChromiumTest extends ChromiumBed {

    ClientInChromiumTest() {
        super(800, 600);
    }

    @BeforeEach
    void open() {
        // Any page that does not open a stream itself is suitable.
        page.navigate(gateway.url("/lab"));
    }

    @Test
    void noEventIsLostOrSeenTwiceAcrossEverySwitch() {
        gateway.overlap(5);
        publish(1, 10);
        connect("stream: '/api/events?framing=envelope', page: '/api/events?limit=7'");
        awaitStatus("real-time");
        publish(11, 20);
        // After this disconnect, the browser reconnects by itself.
        gateway.cut();
        publish(21, 30);
        awaitSeen(30);
        awaitStatus("real-time");
        // After this disconnect, streams are refused, so that the client polls several pages.
        gateway.streams(Streams.REFUSED);
        gateway.cut();
        publish(31, 60);
        awaitStatus("polling");
        awaitSeen(60);
        // The client returns to a stream, which must continue where the pages ended.
        gateway.streams(Streams.GIVEN);
        publish(61, 70);
        page.clock().fastForward(300_000);
        awaitStatus("real-time");
        publish(71, 80);
        awaitSeen(80);
        assertEquals(
                IntStream.rangeClosed(4, 80).boxed().toList(),
                page.evaluate("seen"),
                "all after the first page, which holds the newest seven, each once and in order");
    }

    @Test
    void pagesThatHaveMoreAreReadWithoutWaiting() {
        publish(1, 30);
        connect("stream: null, page: '/api/events?limit=7', since: 't1-0', interval: 600_000");
        awaitSeen(30);
        assertEquals(IntStream.rangeClosed(1, 30).boxed().toList(), page.evaluate("seen"));
    }

    @Test
    void aListStreamAndItsPageGiveTheSameShape() {
        gateway.put("sessions", "created", new JsonObject().put("id", "s-1"));
        connect("stream: '/api/sse/sessions', page: '/api/sessions'");
        awaitStatus("real-time");
        gateway.put("sessions", "created", new JsonObject().put("id", "s-2"));
        page.waitForFunction("() => events.length === 2");
        gateway.streams(Streams.REFUSED);
        gateway.cut();
        awaitStatus("polling");
        gateway.put("sessions", "created", new JsonObject().put("id", "s-3"));
        page.clock().fastForward(60_000);
        page.waitForFunction("() => events.length === 3");
        assertEquals(List.of("sessions", "session_created", "sessions"), page.evaluate("events.map(e => e.type)"));
        assertEquals(List.of(1, 2, 3), page.evaluate("events.map(e => e.sessions.length)"));
    }

    @Test
    void theListThatFollowsMissedChangesIsHandedOverAndOneThatIsKnownIsNot() {
        gateway.put("sessions", "created", new JsonObject().put("id", "s-1"));
        connect("stream: '/api/sse/sessions', page: '/api/sessions'");
        awaitStatus("real-time");
        gateway.cut();
        gateway.put("sessions", "created", new JsonObject().put("id", "s-2"));
        gateway.put("sessions", "created", new JsonObject().put("id", "s-3"));
        page.waitForFunction("() => events.length === 4");
        assertEquals(
                List.of("sessions", "session_created", "session_created", "sessions"),
                page.evaluate("events.map(e => e.type)"),
                "the list that the stream began with was the page's");
        assertEquals(List.of(1, 0, 0, 3), page.evaluate("events.map(e => e.sessions?.length ?? 0)"));
    }

    @Test
    void aListStreamNeedsNoPage() {
        gateway.put("sessions", "created", new JsonObject().put("id", "s-1"));
        connect("stream: '/api/sse/sessions'");
        awaitStatus("real-time");
        page.waitForFunction("() => events.length === 1 && events[0].type === 'sessions'");
        gateway.put("sessions", "created", new JsonObject().put("id", "s-2"));
        page.waitForFunction("() => events.length === 2 && events[1].session.id === 's-2'");
    }

    @Test
    void anUnchangedPageIsAskedForWithItsTagAndLessOften() {
        gateway.streams(Streams.REFUSED);
        connect("stream: null, page: '/api/sessions'");
        awaitStatus("polling");
        for (int i = 1; i <= 5; i++) {
            int asked = i;
            page.clock().fastForward(40_000);
            page.waitForCondition(() -> gateway.unchanged() >= asked);
        }
        int before = gateway.pages();
        page.clock().runFor(20_000);
        assertTrue(gateway.pages() - before <= 2, "an idle page is polled every half minute or so");
        assertEquals(1, page.evaluate("events.length"));
    }

    @Test
    void aHiddenTabDoesNotPollAndOneThatIsShownPollsOnce() {
        connect("stream: null, page: '/api/sessions'");
        awaitStatus("polling");
        hide(true);
        int before = gateway.pages();
        page.clock().runFor(600_000);
        assertEquals(before, gateway.pages());
        gateway.put("sessions", "created", new JsonObject().put("id", "s-1"));
        hide(false);
        page.waitForFunction("() => events.length === 2");
        assertEquals(before + 1, gateway.pages());
    }

    @Test
    void aGatewayThatAsksForPatienceGetsIt() {
        gateway.pagesAnswer(503, "120");
        connect("stream: null, page: '/api/sessions'");
        awaitStatus("offline");
        assertEquals("unreachable", page.evaluate("live.reason"));
        int asked = gateway.refused();
        page.clock().runFor(110_000);
        assertEquals(asked, gateway.refused());
        gateway.pagesAnswer(200, "");
        page.clock().runFor(15_000);
        awaitStatus("polling");
    }

    @Test
    void aClosedConnectionCallsNobody() {
        connect("stream: '/api/events?framing=envelope', page: '/api/events'");
        awaitStatus("real-time");
        page.evaluate("live.close()");
        page.waitForCondition(() -> gateway.open() == 0);
        int before = gateway.pages();
        publish(1, 3);
        page.clock().runFor(120_000);
        assertEquals(0, page.evaluate("events.length"));
        assertEquals(before, gateway.pages());
    }

    @Test
    void aMistakeOfTheCallerIsReportedAndEndsNothing() {
        page.evaluate("import('/client.js').then(({ connect }) => { window.count = 0; window.live = connect({"
                + " stream: '/api/events?framing=envelope', page: '/api/events',"
                + " onEvent: () => { count++; throw new Error('of the caller'); } }); })");
        awaitStatus("real-time");
        publish(1, 2);
        page.waitForFunction("() => count === 2");
        assertEquals("real-time", page.evaluate("live.status"));
        List<String> reported = chromium.errors();
        assertEquals(2, reported.size());
        assertTrue(reported.get(0).contains("of the caller"), reported::toString);
    }

    @Test
    void cursorsAreOrderedWithinOneHistoryOnly() {
        Object order =
                page.evaluate("import('/client.js').then(({ after }) => [after('a-10', 'a-9'), after('a-9', 'a-10'),"
                        + " after('a-9', 'a-9'), after('b-1', 'a-9'),"
                        + " after('a-9223372036854775807', 'a-9223372036854775806'), after('a-1', null)])");
        assertEquals(List.of(true, false, false, true, true, true), order);
    }

    private void connect(String addresses) {
        page.evaluate("import('/client.js').then(({ connect }) => { window.seen = []; window.events = []; window.live ="
                + " connect({ " + addresses + ", onEvent: (e) => { events.push(e); seen.push(e.payload?.n); } }); })");
    }

    private void publish(int first, int last) {
        IntStream.rangeClosed(first, last).forEach(n -> gateway.publish("news", "note", new JsonObject().put("n", n)));
    }

    private void awaitStatus(String status) {
        page.waitForFunction("status => live.status === status", status);
    }

    private void awaitSeen(int last) {
        page.waitForFunction("last => seen.includes(last)", last);
    }

    private void hide(boolean hidden) {
        page.evaluate(
                "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });"
                        + " document.dispatchEvent(new Event('visibilitychange')); }",
                hidden);
    }
}
