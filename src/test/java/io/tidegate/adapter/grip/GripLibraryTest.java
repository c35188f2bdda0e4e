package io.tidegate.adapter.grip;

import static io.tidegate.adapter.grip.GripBed.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fanout.gripcontrol.Channel;
import org.fanout.gripcontrol.GripControl;
import org.fanout.gripcontrol.GripPubControl;
import org.fanout.gripcontrol.HttpResponseFormat;
import org.fanout.gripcontrol.HttpStreamAction;
import org.fanout.gripcontrol.HttpStreamFormat;
import org.fanout.gripcontrol.Response;
import org.fanout.pubcontrol.Item;
import org.fanout.pubcontrol.PublishFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a service that uses a third-party GRIP library to respond, to check signatures and to publish. */
@Timeout(120)
class GripLibraryTest {

    private final GripBed bed;

    GripLibraryTest(@TempDir Path folder) throws Exception {
        bed = new GripBed(folder);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    /** Returns a publisher that signs its requests, because it has an issuer and a key. */
    private GripPubControl publisher() {
        Map<String, Object> proxy = new HashMap<>();
        proxy.put("control_uri", bed.publishTo().toString());
        proxy.put("control_iss", "pushpin");
        proxy.put("key", GripBed.KEY.getBytes(StandardCharsets.UTF_8));
        return new GripPubControl(List.of(proxy));
    }

    private static String encodedKey() {
        return Base64.getEncoder().encodeToString(GripBed.KEY.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> channel(String name) {
        return List.of(name);
    }

    @Test
    void aStreamIsHeldByFieldsAndToldWhatTheLibraryPublishes() throws Exception {
        bed.service(exchange -> {
            String signature = exchange.getRequestHeaders().getFirst("Grip-Sig");
            boolean proxied = GripControl.validateSig(signature, encodedKey());
            List<Channel> channels = List.of(new Channel("room 1"), new Channel("all", "3"));
            GripBed.answer(
                    exchange,
                    proxied ? 200 : 501,
                    "open\n",
                    "Content-Type",
                    "text/plain",
                    "Grip-Hold",
                    "stream",
                    "Grip-Channel",
                    GripControl.createGripChannelHeader(channels));
        });
        GripPubControl publisher = publisher();
        try (GripBed.Client client = bed.client("/live", "Grip-Sig: forged")) {
            String head = client.head();
            assertTrue(head.startsWith("HTTP/1.1 200 "), head);
            assertFalse(head.toLowerCase(Locale.ROOT).contains("grip"), head);
            client.until("open\n\r\n");
            publisher.publishHttpStream(channel("room 1"), "one\n");
            client.until("one\n\r\n");
            publisher.publishHttpStream(channel("all"), new byte[] {(byte) 0xff, 0, '\n'}, "4", "3");
            client.until("\u00ff\0\n\r\n");
            publisher.publish(channel("all"), new Item(List.of(new HttpStreamFormat("two\n")), "5", "4"));
            client.until("two\n\r\n");
            CompletableFuture<String> published = new CompletableFuture<>();
            publisher.publishHttpStreamAsync(
                    channel("all"),
                    "three\n",
                    "6",
                    "5",
                    (done, message) -> published.complete(done ? "" : String.valueOf(message)));
            assertEquals("", published.get(60, TimeUnit.SECONDS));
            client.until("three\n\r\n");
            publisher.publishHttpStream(channel("all"), new HttpStreamFormat(HttpStreamAction.CLOSE), "7", "6");
            client.until("0\r\n\r\n");
        } finally {
            publisher.finish();
        }
    }

    @Test
    void aStreamIsHeldByABody() throws Exception {
        Response first = new Response("open\n", Map.of("Content-Type", "text/plain"), "201", "Begun");
        bed.answers(
                200,
                GripControl.createHoldStream(List.of(new Channel("a")), first),
                "Content-Type",
                "application/grip-instruct");
        GripPubControl publisher = publisher();
        try (GripBed.Client client = bed.client("/live")) {
            String head = client.head();
            assertTrue(head.startsWith("HTTP/1.1 201 Begun\r\n"), head);
            assertTrue(head.toLowerCase(Locale.ROOT).contains("content-type: text/plain\r\n"), head);
            client.until("open\n\r\n");
            publisher.publishHttpStream(channel("a"), "news\n");
            client.until("news\n\r\n");
        } finally {
            publisher.finish();
        }
    }

    @Test
    void aResponseIsHeldByABodyUntilTheLibraryPublishesIt() throws Exception {
        Response late = new Response("nothing new\n", Map.of("Content-Type", "text/plain"));
        bed.answers(
                200,
                GripControl.createHoldResponse(List.of(new Channel("a", "1")), late, 50),
                "Content-Type",
                "application/grip-instruct");
        GripPubControl publisher = publisher();
        try (GripBed.Client client = bed.client("/live", "Accept: */*")) {
            await(() -> bed.streams() == 1, "the client is not held");
            publisher.publishHttpResponse(
                    channel("a"), new HttpResponseFormat("news\n", Map.of("X-Own", "1"), "203", "Told"), "2", "1");
            String answer = client.answer();
            assertTrue(answer.startsWith("HTTP/1.1 203 Told\r\n"), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("x-own: 1\r\n"), answer);
            assertTrue(answer.endsWith("news\n"), answer);
        } finally {
            publisher.finish();
        }
        bed.answers(
                200,
                GripControl.createHoldResponse(List.of(new Channel("a")), late, 1),
                "Content-Type",
                "application/grip-instruct");
        try (GripBed.Client client = bed.client("/live", "Accept: */*")) {
            assertTrue(client.answer().endsWith("nothing new\n"));
        }
    }

    @Test
    void whatIsNotPublishedIsAFailureOfTheLibrary() throws Exception {
        GripPubControl publisher = publisher();
        try {
            assertThrows(
                    PublishFailedException.class,
                    () -> publisher.publishHttpStream(channel("x".repeat(200)), "too long"));
        } finally {
            publisher.finish();
        }
    }
}
