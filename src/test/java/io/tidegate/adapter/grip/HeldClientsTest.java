package io.tidegate.adapter.grip;

import static io.tidegate.adapter.grip.GripBed.answer;
import static io.tidegate.adapter.grip.GripBed.item;
import static io.tidegate.adapter.grip.GripBed.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests clients that a service hands over to the gateway and that are held on a stream. */
@Timeout(120)
class HeldClientsTest {

    private final GripBed bed;

    HeldClientsTest(@TempDir Path folder) throws Exception {
        bed = new GripBed(folder);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aClientThatIsHeldGetsTheOriginsBodyAndThenWhatIsPublished() throws Exception {
        bed.answers(
                200,
                "event: message\ndata: stream open\n\n",
                "Content-Type",
                "text/event-stream",
                "Grip-Hold",
                "stream",
                "Grip-Channel",
                "test",
                "Grip-Link",
                "</x>; rel=next");
        try (GripBed.Client client = bed.client("/live/x")) {
            String head = client.until("\r\n\r\n");
            assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
            assertTrue(head.toLowerCase(Locale.ROOT).contains("content-type: text/event-stream\r\n"), head);
            assertFalse(head.toLowerCase(Locale.ROOT).contains("grip-"), head);
            assertFalse(head.toLowerCase(Locale.ROOT).contains("content-length"), head);
            client.until("stream open\n\n");
            assertEquals(
                    "Published\n", bed.publish(item("test", "data: hello\n\n")).body());
            client.until("data: hello\n\n\r\n");
            bed.publish(item("other", "data: not for it\n\n"), item("test", "data: grüße\n\n"));
            assertFalse(client.until("data: grÃ¼Ã\u009Fe\n\n\r\n").contains("not for it"));
        }
    }

    @Test
    void allWhoAreHeldOnAChannelGetTheSameInTheSameOrder() throws Exception {
        bed.holds("one, two");
        try (GripBed.Client first = bed.client("/live");
                GripBed.Client second = bed.client("/live")) {
            first.until("\r\n\r\n");
            second.until("\r\n\r\n");
            for (int i = 0; i < 50; i++) {
                bed.publish(item(i % 2 == 0 ? "one" : "two", i + ";"));
            }
            String expected = IntStream.range(0, 50).mapToObj(i -> i + ";").collect(Collectors.joining());
            for (GripBed.Client client : List.of(first, second)) {
                assertEquals(expected, client.until("49;\r\n").replaceAll("[0-9a-f]+\r\n|\r\n", ""));
            }
        }
    }

    @Test
    void bytesThatAreNoTextAndItemsOfTheOlderFormArePublishedToo() throws Exception {
        bed.holds("room/1");
        try (GripBed.Client client = bed.client("/live")) {
            client.until("\r\n\r\n");
            String bytes = Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, 'x', 0, 'y'});
            bed.publish(new JsonObject()
                    .put("channel", "room/1")
                    .put("id", "1")
                    .put("prev-id", "0")
                    .put("http-stream", new JsonObject().put("content-bin", bytes)));
            assertTrue(client.until("y\r\n").contains("\u00ffx\0y"));
        }
    }

    @Test
    void aServiceMayEndTheResponsesOfAChannel() throws Exception {
        bed.holds("test");
        try (GripBed.Client client = bed.client("/live")) {
            client.until("\r\n\r\n");
            JsonObject last = new JsonObject().put("content", "bye").put("action", "close");
            bed.publish(item("test", "last "), stream("test", last));
            assertTrue(client.until("0\r\n\r\n").contains("last bye"));
        }
    }

    @Test
    void aStreamGoesOnBehindTheItemThatTheOriginKnew() throws Exception {
        bed.service(exchange -> {
            try {
                // The items are published after the origin has read its data and before its response arrives.
                bed.publish(item("a", "1;").put("id", "1"), item("a", "2;").put("id", "2"), item("b", "not sent;"));
                bed.publish(item("a", "3;").put("id", "3"));
            } catch (Exception failed) {
                throw new IOException(failed);
            }
            answer(exchange, 200, "1;", "Grip-Hold", "stream", "Grip-Channel", "a; prev-id=1, b");
        });
        try (GripBed.Client client = bed.client("/live")) {
            client.head();
            String received = client.until("3;\r\n");
            bed.publish(item("b", "4;"));
            received += client.until("4;\r\n");
            assertEquals("1;2;3;4;", received.replaceAll("[0-9a-f]+\r\n|\r\n", ""));
        }
    }

    @Test
    void theItemThatTheOriginKnewIsFoundHoweverFarItIsBehindTheQuestion() throws Exception {
        bed.service(exchange -> {
            try {
                bed.publish(IntStream.rangeClosed(1, 600)
                        .mapToObj(i -> item("a", i + ";").put("id", String.valueOf(i)))
                        .toArray(JsonObject[]::new));
            } catch (Exception failed) {
                throw new IOException(failed);
            }
            answer(exchange, 200, "known;", "Grip-Hold", "stream", "Grip-Channel", "a; prev-id=598");
        });
        try (GripBed.Client client = bed.client("/live")) {
            client.head();
            assertEquals("known;599;600;", client.until("600;\r\n").replaceAll("[0-9a-f]+\r\n|\r\n", ""));
        }
    }

    @Test
    void aQuietClientIsSentTheKeepAlive() throws Exception {
        bed.answers(
                200,
                "",
                "Grip-Hold",
                "stream",
                "Grip-Channel",
                "test",
                "Grip-Keep-Alive",
                ": alive\\n\\n; format=cstring; timeout=1");
        try (GripBed.Client client = bed.client("/live")) {
            client.until("\r\n\r\n");
            client.until(": alive\n\n\r\n");
            client.until(": alive\n\n\r\n");
        }
    }

    @Test
    void theStatusForTheClientMayBeAnother() throws Exception {
        bed.answers(200, "", "Grip-Hold", "stream", "Grip-Channel", "test", "Grip-Status", "202");
        try (GripBed.Client client = bed.client("/live")) {
            assertTrue(client.until("\r\n\r\n").startsWith("HTTP/1.1 202 Accepted\r\n"));
        }
    }

    @Test
    void anAnswerWithoutAHoldIsAnOrdinaryOneAndItsGripFieldsAreTakenOut() throws Exception {
        bed.answers(200, "no", "Grip-Set-Meta", "a=b", "Grip-Channel", "a", "X-Own", "1");
        HttpResponse<String> answer = bed.node().get("/live");
        assertEquals("no", answer.body());
        assertEquals("1", answer.headers().firstValue("X-Own").orElse(""));
        assertTrue(answer.headers().firstValue("Grip-Set-Meta").isEmpty());
    }

    @Test
    void whatCannotBeDoneIsRefusedAndTellsTheClientNothing() throws Exception {
        for (String[] impossible : List.of(
                new String[] {"Grip-Hold", "forever", "Grip-Channel", "a"},
                new String[] {"Grip-Hold", "stream"},
                new String[] {"Grip-Hold", "stream", "Grip-Channel", "a; filter=build-id"},
                new String[] {"Grip-Hold", "stream", "Grip-Channel", "a", "Grip-Keep-Alive", "x; format=unknown"},
                new String[] {"Grip-Hold", "stream", "Grip-Channel", "a", "Grip-Status", "204"},
                new String[] {"Grip-Hold", "response", "Grip-Channel", "a", "Grip-Timeout", "soon"},
                new String[] {"Grip-Hold", "response", "Grip-Channel", "a", "Grip-Timeout", "-1"},
                new String[] {"Grip-Link", "</next>; rel=next"},
                new String[] {"Content-Type", "application/grip-instruct"})) {
            bed.answers(200, "", impossible);
            HttpResponse<String> answer = bed.node().get("/live");
            assertEquals(502, answer.statusCode(), () -> List.of(impossible).toString());
            assertEquals("origin-unreachable", new JsonObject(answer.body()).getString("code"));
            assertTrue(answer.headers().map().keySet().stream().noneMatch(name -> name.startsWith("grip")));
        }
    }

    @Test
    void theOriginCanTellThatARequestComesThroughTheGateway() throws Exception {
        bed.node().get("/live", "Grip-Sig", "forged");
        Map<String, List<String>> headers = bed.asked();
        List<String> signatures = headers.getOrDefault("Grip-sig", List.of());
        assertEquals(1, signatures.size());
        String[] parts = signatures.get(0).split("\\.", -1);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(GripBed.KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
        assertEquals(Base64.getUrlEncoder().withoutPadding().encodeToString(expected), parts[2]);
        JsonObject claims = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        assertEquals("pushpin", claims.getString("iss"));
        assertTrue(claims.getLong("exp") > System.currentTimeMillis() / 1_000);
    }

    @Test
    void whatIsNoItemIsAProblem() throws Exception {
        for (String wrong : List.of(
                "",
                "{",
                "[]",
                "{}",
                "{\"items\":[1]}",
                "{\"items\":[{\"channel\":1}]}",
                "{\"items\":[{\"channel\":\"\",\"formats\":{\"http-stream\":{\"content\":\"x\"}}}]}",
                "{\"items\":[{\"channel\":\"a\",\"formats\":{\"http-stream\":{\"content\":1}}}]}",
                "{\"items\":[{\"channel\":\"a\",\"formats\":{\"http-stream\":{\"content-bin\":\"!\"}}}]}")) {
            HttpResponse<String> answer = bed.post(wrong);
            assertTrue(answer.statusCode() == 400 || answer.statusCode() == 422, wrong + " " + answer.statusCode());
            assertEquals(
                    "application/problem+json",
                    answer.headers().firstValue("Content-Type").orElse(""));
        }
        assertEquals(
                200,
                bed.post("{\"items\":[{\"channel\":\"a\",\"formats\":{\"json-object\":{}}}]}")
                        .statusCode());
        assertEquals(
                413, bed.post("{\"items\":\"" + "x".repeat(2 << 20) + "\"}").statusCode());
    }

    @Test
    void eachClientGetsTheIdOfItsOwnPosition() throws Exception {
        List<GripBed.Client> clients = new ArrayList<>();
        for (int last = 1; last <= 2; last++) {
            bed.answers(
                    200,
                    "id: a:" + last + " 5%%;",
                    "Grip-Hold",
                    "stream",
                    "Grip-Channel",
                    "a; prev-id=" + last + "; filter=build-id; filter=skip-users, b; prev-id=x; filter=build-id, c",
                    "Grip-Set-Meta",
                    "user=u" + last + ", id_format=\"a:%(a)s b:%(b)s\"");
            GripBed.Client client = bed.client("/live");
            assertTrue(client.until("5%;\r\n").endsWith("\r\nid: a:" + last + " 5%;\r\n"));
            clients.add(client);
        }
        bed.publish(item("b", "id: %I;").put("id", "y"));
        clients.get(0).until("id: a:1 b:y;");
        clients.get(1).until("id: a:2 b:y;");
        bed.publish(item("a", "id: %I;").put("id", "3").put("meta", new JsonObject().put("skip_users", "u1")));
        clients.get(1).until("id: a:3 b:y;");
        bed.publish(item("b", "id: %I;").put("id", "z"));
        for (GripBed.Client client : clients) {
            assertFalse(client.until("id: a:3 b:z;").contains("b:y"));
            client.close();
        }
    }

    @Test
    void aFilterThatIsNotSupportedIsNamed() throws Exception {
        bed.holds("a; filter=http-check");
        HttpResponse<String> answer = bed.node().get("/live");
        assertEquals(502, answer.statusCode());
        assertTrue(answer.body().contains("the filter http-check is not supported"), answer.body());
        bed.answers(
                200,
                "5% off",
                "Grip-Hold",
                "stream",
                "Grip-Channel",
                "a; filter=build-id",
                "Grip-Set-Meta",
                "id_format=x");
        answer = bed.node().get("/live");
        assertEquals(502, answer.statusCode());
        assertTrue(answer.body().contains("the content has a directive"), answer.body());
    }

    @Test
    void aBodyOfATypeThatPagesMaySendIsRefused() throws Exception {
        String body = new JsonObject()
                .put("items", new JsonArray().add(item("a", "x")))
                .encode();
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
            assertEquals(415, bed.post(body, type).statusCode(), type);
        }
        assertEquals(200, bed.post(body, "application/json; charset=utf-8").statusCode());
    }

    @Test
    void aClientThatGoesIsHeldNoMoreAndTheOthersAre() throws Exception {
        bed.holds("test");
        try (GripBed.Client stays = bed.client("/live")) {
            stays.until("\r\n\r\n");
            try (GripBed.Client goes = bed.client("/live")) {
                goes.until("\r\n\r\n");
            }
            bed.publish(item("test", "still there"));
            stays.until("still there\r\n");
        }
    }

    @Test
    void atAShutdownHeldResponsesEndWhole() throws Exception {
        bed.holds("test");
        try (GripBed.Client client = bed.client("/live")) {
            client.until("\r\n\r\n");
            bed.node().gateway().stop();
            client.until("0\r\n\r\n");
        }
    }
}
