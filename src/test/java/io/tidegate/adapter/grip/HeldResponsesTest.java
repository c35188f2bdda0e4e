package io.tidegate.adapter.grip;

import static io.tidegate.adapter.grip.GripBed.await;
import static io.tidegate.adapter.grip.GripBed.item;
import static io.tidegate.adapter.grip.GripBed.response;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests clients that are held until their response is published, and instructions in a response body. */
@Timeout(120)
class HeldResponsesTest {

    private final GripBed bed;

    HeldResponsesTest(@TempDir Path folder) throws Exception {
        bed = new GripBed(folder);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private void waitsFor(String channels, String timeout) {
        bed.answers(
                200,
                "{\"news\":false}",
                "Content-Type",
                "application/json",
                "Grip-Hold",
                "response",
                "Grip-Channel",
                channels,
                "Grip-Timeout",
                timeout);
    }

    private GripBed.Client held(String path, int clients) throws Exception {
        GripBed.Client client = bed.client(path, "Accept: application/json");
        await(() -> bed.streams() == clients, "the client is not held");
        return client;
    }

    @Test
    void theResponseIsTheOneThatIsPublished() throws Exception {
        waitsFor("a, b", "50");
        try (GripBed.Client first = held("/live", 1);
                GripBed.Client second = held("/live", 2)) {
            bed.publish(item("a", "for streams alone"), response("other", new JsonObject().put("body", "not for it")));
            bed.publish(response(
                    "b",
                    new JsonObject()
                            .put("code", 201)
                            .put("reason", "Made")
                            .put(
                                    "headers",
                                    new JsonObject()
                                            .put("Content-Type", "text/x")
                                            .put("Connection", "close")
                                            .put("Content-Length", "999"))
                            .put("body", "grüße")));
            for (GripBed.Client client : new GripBed.Client[] {first, second}) {
                String answer = client.answer();
                assertTrue(answer.startsWith("HTTP/1.1 201 Made\r\n"), answer);
                assertTrue(answer.toLowerCase(Locale.ROOT).contains("content-type: text/x\r\n"), answer);
                assertFalse(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
                assertTrue(answer.endsWith("\r\n\r\ngrüße"), answer);
            }
            await(() -> bed.streams() == 0, "the clients are still held");
        }
    }

    @Test
    void aConnectionIsUsedForTheNextPoll() throws Exception {
        waitsFor("a", "50");
        try (GripBed.Client client = held("/live", 1)) {
            bed.publish(response("a", new JsonObject().put("body", "one")));
            assertTrue(client.answer().endsWith("one"));
            client.ask("/live", "Accept: application/json");
            await(() -> bed.streams() == 1, "the client is not held again");
            JsonArray pairs = new JsonArray().add(new JsonArray().add("X-Own").add("1"));
            String bytes = Base64.getEncoder().encodeToString("two".getBytes(StandardCharsets.UTF_8));
            bed.publish(response(
                    "a",
                    new JsonObject().put("code", "200").put("headers", pairs).put("body-bin", bytes)));
            String answer = client.answer();
            assertTrue(answer.endsWith("two") && answer.toLowerCase(Locale.ROOT).contains("x-own: 1"), answer);
        }
    }

    @Test
    void whoWaitsInVainHasTheOriginsOwnAnswer() throws Exception {
        waitsFor("a", "1");
        try (GripBed.Client client = bed.client("/live", "Accept: application/json")) {
            String answer = client.answer();
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("content-type: application/json\r\n"), answer);
            assertFalse(answer.toLowerCase(Locale.ROOT).contains("grip-"), answer);
            assertTrue(answer.endsWith("{\"news\":false}"), answer);
        }
        bed.answers(200, "", "Grip-Hold", "response", "Grip-Channel", "a", "Grip-Timeout", "1", "Grip-Status", "304");
        try (GripBed.Client client = bed.client("/live", "Accept: application/json")) {
            assertTrue(client.answer().startsWith("HTTP/1.1 304 Not Modified\r\n"));
        }
    }

    @Test
    void aHintEndsTheWaitWithTheOriginsOwnAnswer() throws Exception {
        waitsFor("a", "50");
        try (GripBed.Client client = held("/live", 1)) {
            bed.publish(response("a", new JsonObject().put("action", "hint")));
            assertTrue(client.answer().endsWith("{\"news\":false}"));
        }
    }

    @Test
    void aStatusForTheClientNeedsNoHold() throws Exception {
        bed.answers(200, "", "Grip-Status", "304", "ETag", "\"x\"");
        try (GripBed.Client client = bed.client("/live", "Accept: */*")) {
            String answer = client.answer();
            assertTrue(answer.startsWith("HTTP/1.1 304 Not Modified\r\n"), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("etag: \"x\""), answer);
        }
    }

    @Test
    void whatWasPublishedBehindTheItemThatTheOriginKnewIsNotLost() throws Exception {
        JsonObject known = response("a", new JsonObject().put("body", "known")).put("id", "7");
        JsonObject unknown = response("a", new JsonObject().put("body", "news")).put("id", "8");
        for (String published : new String[] {"both", "the second"}) {
            bed.service(exchange -> {
                try {
                    // The items are published after the origin has read its data and before its response arrives.
                    if (published.equals("both")) {
                        bed.publish(known);
                    }
                    bed.publish(unknown);
                } catch (Exception failed) {
                    throw new IOException(failed);
                }
                GripBed.answer(
                        exchange,
                        200,
                        "own",
                        "Grip-Hold",
                        "response",
                        "Grip-Channel",
                        "a; prev-id=7",
                        "Grip-Timeout",
                        "50");
            });
            try (GripBed.Client client = bed.client("/live", "Accept: application/json")) {
                assertTrue(client.answer().endsWith("news"), published);
            }
        }
    }

    @Test
    void anInstructionInABodyHoldsAStream() throws Exception {
        JsonObject hold = new JsonObject()
                .put("mode", "stream")
                .put("channels", new JsonArray().add(new JsonObject().put("name", "a")))
                .put("keep-alive", new JsonObject().put("content", "alive;").put("timeout", 1));
        JsonObject reply = new JsonObject()
                .put("code", 200)
                .put("headers", new JsonObject().put("Content-Type", "text/event-stream"))
                .put("body", "open;");
        instructs(new JsonObject().put("hold", hold).put("response", reply));
        try (GripBed.Client client = bed.client("/live")) {
            String head = client.head().toLowerCase(Locale.ROOT);
            assertTrue(head.contains("content-type: text/event-stream\r\n"), head);
            assertFalse(head.contains("content-length") || head.contains("grip"), head);
            client.until("open;\r\n");
            bed.publish(item("a", "news;"));
            client.until("news;\r\n");
            client.until("alive;\r\n");
        }
    }

    @Test
    void anInstructionInABodyHoldsAResponseOrIsOne() throws Exception {
        JsonObject channel = new JsonObject().put("name", "a").put("prev-id", "1");
        JsonObject hold =
                new JsonObject().put("channels", new JsonArray().add(channel)).put("timeout", 1);
        instructs(new JsonObject().put("hold", hold).put("response", new JsonObject().put("body", "nothing new")));
        try (GripBed.Client client = bed.client("/live", "Accept: */*")) {
            assertTrue(client.answer().endsWith("nothing new"));
        }
        instructs(new JsonObject()
                .put("response", new JsonObject().put("code", 404).put("body", "none")));
        try (GripBed.Client client = bed.client("/live", "Accept: */*")) {
            String answer = client.answer();
            assertTrue(answer.startsWith("HTTP/1.1 404 Not Found\r\n") && answer.endsWith("none"), answer);
        }
    }

    @Test
    void anAnswerThatCannotBeTakenInIsAProblem() throws Exception {
        for (String wrong : new String[] {
            "no json", "[]", "{\"hold\":1}", "{\"hold\":{}}", "{\"response\":{\"code\":99}}", " ".repeat(100_000)
        }) {
            bed.answers(200, wrong, "Content-Type", "application/grip-instruct");
            assertEquals(502, bed.node().get("/live").statusCode(), wrong.strip());
        }
        assertEquals(5, bed.metric("held_misunderstood_total"));
    }

    @Test
    void anItemThatIsNoResponseIsRefused() throws Exception {
        for (String format : new String[] {
            "{\"code\":99}",
            "{\"code\":\"x\"}",
            "{\"reason\":\"a\\r\\nb\"}",
            "{\"headers\":{\"a\":\"b\\r\\nc\"}}",
            "{\"headers\":{\"a b\":\"c\"}}",
            "{\"headers\":[[\"a\"]]}",
            "{\"headers\":1}",
            "{\"body\":1}",
            "{\"body-patch\":[]}",
            "{\"action\":\"close\"}",
            "{\"body\":\"\",\"content-filters\":[\"http-check\"]}"
        }) {
            String body = "{\"items\":[{\"channel\":\"a\",\"formats\":{\"http-response\":" + format + "}}]}";
            assertEquals(422, bed.post(body).statusCode(), format);
        }
    }

    private void instructs(JsonObject instruction) {
        bed.answers(200, instruction.encode(), "Content-Type", "application/grip-instruct; charset=utf-8");
    }
}
