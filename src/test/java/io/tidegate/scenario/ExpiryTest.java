package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.OneNode;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests over HTTP which events a token grants access to, and for how long. */
@Timeout(120)
class ExpiryTest extends OneNode {

    @Test
    void aStreamEndsByItsTokensEndAndANewTokenGoesOnWithoutALoss() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> published = CompletableFuture.supplyAsync(() -> publish(stop));
        String old = bearer("clock", Duration.ofSeconds(5));
        List<Message> before;
        String last;
        try (TestStream stream = TestStream.open(node.port(), "/api/events?topics=clock", old)) {
            before = stream.rest();
            last = stream.lastEventId();
        }
        List<Message> notices = before.stream()
                .filter(message -> message.type().equals("gateway.auth"))
                .toList();
        assertEquals(1, notices.size());
        Instant end = Instant.parse(new JsonObject(notices.get(0).data()).getString("expires"));
        List<JsonObject> seen = ticks(before);
        assertTrue(seen.size() > 1, seen.toString());
        assertFalse(
                seen.stream().anyMatch(tick -> tick.getLong("at") > end.toEpochMilli()),
                "an event that was published after the token expired was sent");

        // The node has the same clock, so the token has expired for the node when it has expired here.
        RawClient.Answer refused = refused(old, last, end);
        assertEquals(401, refused.status());
        assertTrue(refused.header("WWW-Authenticate").contains("the token has expired"), refused.toString());

        String fresh = bearer("clock", Duration.ofMinutes(5));
        try (TestStream stream =
                TestStream.open(node.port(), "/api/events?topics=clock", fresh, "Last-Event-ID: " + last)) {
            assertEquals("continued", new JsonObject(stream.next().data()).getString("status"));
            stop.set(true);
            int all = published.get(60, TimeUnit.SECONDS);
            while (seen.size() < all) {
                seen.add(new JsonObject(stream.next().data()));
            }
        }
        for (int i = 0; i < seen.size(); i++) {
            assertEquals(i, seen.get(i).getInteger("n"));
        }
    }

    @Test
    void aReplayHoldsNothingThatTheTokenDoesNotCoverToday() throws Exception {
        String since = node.publish("many/0/open", "filler", "0").getString("cursor");
        for (int i = 0; i < 60; i++) {
            node.publish("many/" + i % 6 + (i % 4 == 0 ? "/secret" : "/open"), "filler", String.valueOf(i));
        }
        String narrow = bearer("many/3/*", Duration.ofMinutes(5));
        List<Integer> granted = List.of(3, 9, 15, 21, 27, 33, 39, 45, 51, 57);
        for (String wish : List.of("", "&topics=**", "&topics=many/**,many/2/open", "&topics=many/*/*")) {
            String target = "/api/events?since=" + since + wish;
            try (TestStream stream = TestStream.open(node.port(), target, narrow)) {
                assertEquals("gateway.resume", stream.next().type());
                List<Integer> replayed = new ArrayList<>();
                for (Message message : stream.next(granted.size())) {
                    replayed.add(Integer.valueOf(message.data()));
                }
                assertEquals(granted, replayed, wish);
                node.publish("many/2/open", "filler", "-1");
                node.publish("many/3/open", "filler", "-2");
                assertEquals("-2", stream.next().data());
            }
            JsonArray page = page(target + "&limit=1000", narrow).getJsonArray("events");
            assertTrue(page.size() > granted.size());
            page.forEach(event ->
                    assertTrue(((JsonObject) event).getString("topic").startsWith("many/3/"), event.toString()));
        }
        try (TestStream stream =
                TestStream.open(node.port(), "/api/events?since=" + since, bearer("else", Duration.ofMinutes(5)))) {
            assertEquals("gateway.resume", stream.next().type());
            node.publish("else", "filler", "7");
            assertEquals("7", stream.next().data());
        }
    }

    /**
     * Publishes events one after the other, each with its number and its time, until it is stopped. Returns their
     * number.
     */
    private static int publish(AtomicBoolean stop) {
        int n = 0;
        for (; !stop.get(); n++) {
            try {
                node.publish("clock", "tick", "{\"n\":" + n + ",\"at\":" + System.currentTimeMillis() + "}");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return n;
    }

    private static List<JsonObject> ticks(List<Message> messages) {
        return new ArrayList<>(messages.stream()
                .filter(message -> message.type().equals("tick"))
                .map(message -> new JsonObject(message.data()))
                .toList());
    }

    /** Returns the response to a request that is sent just after the token has expired. */
    private static RawClient.Answer refused(String token, String cursor, Instant end) throws Exception {
        while (Instant.now().isBefore(end)) {
            Thread.onSpinWait();
        }
        try (RawClient client = new RawClient(node.port())) {
            return client.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + token
                            + "\r\nLast-Event-ID: " + cursor + "\r\n\r\n")
                    .head();
        }
    }

    private static JsonObject page(String target, String token) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + token + "\r\n\r\n")
                    .response()
                    .json();
        }
    }

    private static String bearer(String topic, Duration ttl) {
        Tokens tokens = Tokens.open(data, AuthOptions.DEFAULTS, Clock.systemUTC());
        return "Authorization: Bearer " + tokens.mint("ann", Role.VIEWER, List.of(new TopicPattern(topic)), ttl);
    }
}
