package io.tidegate.adapter.tap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.tap.Tap.Source;
import io.tidegate.adapter.tap.TapMetrics.Outcome;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the events published for proxied changes. The client always receives the origin's response unchanged. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class TapTest {

    private static final Tap CREATED = new Tap("POST /api/items", "items", "item.created");

    private static Tap tap(String on, String topic, String type, Source data, String key, String... pick) {
        return new Tap(on, topic, type, "2xx", data, key, List.of(pick), 64 << 10);
    }

    @Test
    void anAnswerBecomesAnEventOfItsKind(Vertx vertx) throws Exception {
        TapBed bed = new TapBed(vertx, CREATED);
        String body = "{\"part_number\":\"p-1\", \"price\":1.50}";
        HttpResponse<byte[]> answer = bed.service(201, body).send("POST", "/api/items", "{}");
        assertEquals(201, answer.statusCode());
        assertEquals(body, new String(answer.body(), StandardCharsets.UTF_8));
        assertEquals("items item.created p-1 {\"part_number\":\"p-1\",\"price\":1.50}", bed.draft());
        assertEquals(Outcome.PUBLISHED, bed.outcome());
    }

    @Test
    void aRequestBecomesAnEventOnATopicOfItsPath(Vertx vertx) throws Exception {
        Tap tap = tap(
                "PUT /rooms/{room}/chairs/{n}",
                "rooms/{room}",
                "chair.moved",
                Source.REQUEST,
                "$.chair.id",
                "to",
                "by");
        TapBed bed = new TapBed(vertx, tap);
        bed.service(204, "")
                .send("PUT", "/rooms/r%31/chairs/7?x=1", "{\"by\":\"ada\",\"to\":[1,2],\"chair\":{\"id\":7},\"x\":0}");
        assertEquals("rooms/r1 chair.moved 7 {\"to\":[1,2],\"by\":\"ada\"}", bed.draft());
    }

    @Test
    void anEndNeedsNoBody(Vertx vertx) throws Exception {
        Tap ended = tap("DELETE /api/sessions/{id}", "sessions", "session_terminated", Source.NONE, "{id}");
        Tap gone = tap("DELETE /api/sessions/{id}", "audit/{id}", "gone", Source.NONE, "");
        TapBed bed = new TapBed(vertx, ended, gone);
        bed.service(204, "").send("DELETE", "/api/sessions/s1", "");
        String first = bed.draft();
        assertTrue(
                first.startsWith("sessions session_terminated s1 {\"id\":\"s1\",\"status\":\"terminated\","
                        + "\"terminated_at\":"),
                first);
        assertEquals("audit/s1 gone - {\"id\":\"s1\"}", bed.draft());
    }

    @Test
    void aDeployHasATopicOfItsOwn(Vertx vertx) throws Exception {
        Tap tap = tap("POST /api/deploys", "deploys/{key}", "deploy_created", Source.RESPONSE, "");
        TapBed bed = new TapBed(vertx, tap);
        bed.service(201, "{\"id\":\"d1\"}").send("POST", "/api/deploys", "{}");
        assertEquals("deploys/d1 deploy_created d1 {\"id\":\"d1\"}", bed.draft());
    }

    @ParameterizedTest
    @CsvSource({"500, 2xx, false", "303, 2xx, false", "202, '200,201', false", "202, '202', true", "299, 2xx, true"})
    void onlyAStatusThatSaysDoneCounts(int status, String when, boolean counts, Vertx vertx) throws Exception {
        Tap tap = new Tap("POST /api/items", "items", "item.created", when, Source.RESPONSE, "", List.of(), 1024);
        TapBed bed = new TapBed(vertx, tap, new Tap("POST /done", "done", "done"));
        bed.service(status, "{\"part_number\":\"p\"}").send("POST", "/api/items", "");
        bed.service(200, "1").send("POST", "/done", "");
        assertEquals(counts ? "items item.created p {\"part_number\":\"p\"}" : "done done - 1", bed.draft());
    }

    @Test
    void otherMethodsAndPathsAreNotLookedAt(Vertx vertx) throws Exception {
        TapBed bed = new TapBed(vertx, CREATED, new Tap("POST /done", "done", "done"));
        bed.service(200, "{\"part_number\":\"p\"}");
        for (String path : List.of("/api/items/", "/api/items/x", "/api", "/API/items")) {
            bed.send("POST", path, "");
        }
        bed.send("PUT", "/api/items", "");
        bed.service(200, "1").send("POST", "/done", "");
        assertEquals("done done - 1", bed.draft());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NOT_JSON  | <html></html>",
                "NOT_JSON  | ``",
                "NOT_JSON  | {\"part_number\":\"p\"",
                "NO_KEY    | {\"part\":\"p\"}",
                "NO_KEY    | [1]",
                "NO_KEY    | {\"part_number\":null}",
                "UNFIT     | {\"part_number\":\"\"}"
            })
    void whatCannotBeToldIsPassedOnAndCounted(Outcome expected, String body, Vertx vertx) throws Exception {
        TapBed bed = new TapBed(vertx, CREATED);
        HttpResponse<byte[]> answer = bed.service(201, body).send("POST", "/api/items", "{}");
        assertEquals(body, new String(answer.body(), StandardCharsets.UTF_8));
        assertEquals(expected, bed.outcome());
        assertTrue(bed.drafts.isEmpty());
    }

    @Test
    void aBodyThatIsTooLargePassesWhole(Vertx vertx) throws Exception {
        Tap request = tap("PUT /up", "up", "up", Source.REQUEST, "");
        TapBed bed = new TapBed(vertx, CREATED, request);
        String large = "{\"part_number\":\"p\",\"x\":\"" + "y".repeat(3 << 20) + "\"}";
        HttpResponse<byte[]> answer = bed.service(201, large).send("POST", "/api/items", "{}");
        assertEquals(large.length(), answer.body().length);
        assertEquals(Outcome.TOO_LARGE, bed.outcome());
        bed.service(sent -> sent.body().onSuccess(body -> sent.response().end(String.valueOf(body.length()))));
        assertEquals(
                String.valueOf(large.length()),
                new String(bed.send("PUT", "/up", large).body(), StandardCharsets.UTF_8));
        assertEquals(Outcome.TOO_LARGE, bed.outcome());
    }

    @Test
    void aCompressedAnswerIsReadWhereItIsGzipAndPassesAsItIs(Vertx vertx) throws Exception {
        TapBed bed = new TapBed(vertx, CREATED);
        byte[] zipped = gzip("{\"part_number\":\"p\"}");
        assertArrayEquals(zipped, coded(bed, "gzip", zipped));
        assertEquals("items item.created p {\"part_number\":\"p\"}", bed.draft());
        assertEquals(Outcome.PUBLISHED, bed.outcome());
        coded(bed, "br", zipped);
        assertEquals(Outcome.ENCODED, bed.outcome());
        coded(bed, "gzip", "no gzip".getBytes(StandardCharsets.UTF_8));
        assertEquals(Outcome.NOT_JSON, bed.outcome());
        coded(bed, "gzip", gzip("{\"part_number\":\"p\",\"x\":\"" + "y".repeat(3 << 20) + "\"}"));
        assertEquals(Outcome.TOO_LARGE, bed.outcome(), "a small body that is large once it is decompressed");
    }

    @Test
    void anOriginThatCompressesForABrowserIsRead(Vertx vertx) throws Exception {
        Tap request = tap("PUT /up", "up", "up", Source.REQUEST, "");
        TapBed bed = new TapBed(vertx, CREATED, request);
        byte[] zipped = gzip("{\"part_number\":\"p\"}");
        bed.service(received -> received.body().onSuccess(body -> {
            String accepted = received.getHeader("Accept-Encoding");
            boolean compress = accepted.equals("gzip, deflate");
            received.response()
                    .putHeader("Content-Encoding", compress ? "gzip" : "br")
                    .putHeader("X-Accepted", accepted)
                    .end(Buffer.buffer(zipped));
        }));
        String browser = "gzip, deflate, br, zstd";
        HttpResponse<byte[]> answer = bed.send("POST", "/api/items", "{}", "Accept-Encoding", browser);
        assertArrayEquals(zipped, answer.body());
        assertEquals("items item.created p {\"part_number\":\"p\"}", bed.draft());
        for (String path : List.of("/up", "/elsewhere")) {
            answer = bed.send("PUT", path, "{}", "Accept-Encoding", browser);
            assertEquals(browser, answer.headers().firstValue("X-Accepted").orElseThrow(), path);
        }
    }

    @Test
    void aByteOrderMarkIsIgnored(Vertx vertx) throws Exception {
        TapBed bed = new TapBed(vertx, CREATED);
        bed.service(201, "\uFEFF{\"part_number\":\"p\"}").send("POST", "/api/items", "{}");
        assertEquals("items item.created p {\"part_number\":\"p\"}", bed.draft());
    }

    private static byte[] coded(TapBed bed, String coding, byte[] body) throws Exception {
        return bed.service(request ->
                        request.response().putHeader("Content-Encoding", coding).end(Buffer.buffer(body)))
                .send("POST", "/api/items", "{}")
                .body();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    @Test
    void anAnswerThatBreaksOffTellsNothing(Vertx vertx) throws Exception {
        TapBed bed = new TapBed(vertx, CREATED);
        bed.service(request -> {
            request.response().setChunked(true).write("{\"part_number\":\"p\"}");
            vertx.setTimer(20, late -> request.connection().close());
        });
        assertThrows(IOException.class, () -> bed.send("POST", "/api/items", "{}"));
        assertEquals(Outcome.CUT_OFF, bed.outcome());
        assertTrue(bed.drafts.isEmpty());
    }

    @Test
    void aJournalThatRefusesOrHangsHoldsUpNoAnswer(Vertx vertx) throws Exception {
        TapBed bed = new TapBed(vertx, CREATED);
        bed.service(201, "{\"part_number\":\"p\"}").outlet(draft -> Future.failedFuture("the disk is full"));
        assertEquals(201, bed.send("POST", "/api/items", "{}").statusCode());
        assertEquals(Outcome.REFUSED, bed.outcome());
        bed.outlet(draft -> Promise.<Boolean>promise().future());
        assertEquals(201, bed.send("POST", "/api/items", "{}").statusCode());
        bed.outlet(draft -> Future.succeededFuture(false));
        assertEquals(201, bed.send("POST", "/api/items", "{}").statusCode());
        assertEquals(Outcome.KNOWN, bed.outcome());
    }

    @Test
    void copiesOfBodiesHaveABoundTogetherAndGiveItBack() throws Exception {
        Body.Budget budget = new Body.Budget(100);
        Body first = new Body(80, budget);
        first.add(Buffer.buffer("1".repeat(80)));
        Body second = new Body(80, budget);
        second.add(Buffer.buffer("2".repeat(30)));
        var none = MultiMap.caseInsensitiveMultiMap();
        assertEquals(
                Outcome.BUSY,
                assertThrows(Body.Lost.class, () -> second.json(none)).outcome());
        assertEquals(80, first.json(none).toString().length());
        first.drop();
        second.drop();
        Body third = new Body(100, budget);
        third.add(Buffer.buffer("3".repeat(100)));
        assertEquals(100, third.json(none).toString().length());
    }
}
