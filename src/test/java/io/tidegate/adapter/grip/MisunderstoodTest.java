package io.tidegate.adapter.grip;

import static io.tidegate.adapter.grip.GripBed.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that items and instructions with nulls or invalid shapes do not affect those that follow. */
@Timeout(120)
class MisunderstoodTest {

    private final GripBed bed;

    MisunderstoodTest(@TempDir Path folder) throws Exception {
        bed = new GripBed(folder);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aNullInAnItemIsAsIfItWereNotThere() throws Exception {
        bed.holds("x; filter=skip-users");
        try (GripBed.Client client = bed.client("/live")) {
            client.head();
            for (String item : new String[] {
                "{\"channel\":\"x\",\"meta\":{\"skip_users\":null},\"http-stream\":{\"content\":\"1;\"}}",
                "{\"channel\":\"x\",\"meta\":null,\"formats\":null,"
                        + "\"http-stream\":{\"action\":null,\"content\":\"2;\"}}",
                "{\"channel\":\"x\",\"http-stream\":{\"content-filters\":null,\"content-bin\":null,\"content\":\"3;\"}}"
            }) {
                assertEquals(200, bed.post("{\"items\":[" + item + "]}").statusCode(), item);
            }
            for (String data : new String[] {
                "{\"action\":null,\"content\":\"4;\"}",
                "{\"meta\":null,\"content\":\"5;\"}",
                "{\"content-filters\":null,\"content\":\"6;\"}",
                "{\"meta\":{\"skip_users\":null},\"content\":\"7;\"}"
            }) {
                bed.node().publish("grip/x", "grip.http-stream", data);
            }
            assertEquals("1;2;3;4;5;6;7;", client.until("7;\r\n").replaceAll("[0-9a-f]+\r\n|\r\n", ""));
        }
        assertEquals(0, bed.metric("held_misunderstood_total"));
    }

    @Test
    void anItemThatNobodyCanMakeOutIsCountedAndTheNextIsHeard() throws Exception {
        String[] wrong = {"null", "1", "{\"action\":\"dance\"}", "{\"meta\":[]}", "{\"content-bin\":\"!\"}"};
        bed.holds("x");
        try (GripBed.Client client = bed.client("/live");
                GripBed.Client stream = bed.client(
                        "/api/events", "Accept: text/event-stream", bed.node().viewer())) {
            client.head();
            stream.head();
            for (String data : wrong) {
                bed.node().publish("grip/x", "grip.http-stream", data);
            }
            bed.publish(item("x", "next"));
            assertTrue(client.until("next\r\n").endsWith("next\r\n"));
            stream.until("next");
        }
        // A client that is not live yet reads the items of its group again, so they may be counted twice.
        assertTrue(bed.metric("held_misunderstood_total") >= wrong.length);
    }

    @Test
    void aResponseWithAFieldThatIsNoPairIsRefused() throws Exception {
        for (String headers : new String[] {"[null]", "[[\"a\",null]]", "[[null,\"a\"]]"}) {
            String body = "{\"items\":[{\"channel\":\"a\",\"http-response\":{\"headers\":" + headers + "}}]}";
            assertEquals(422, bed.post(body).statusCode(), headers);
        }
    }

    @Test
    void anInstructionWithNullsIsReadWithoutThemOrIsMisunderstoodAtOnce() throws Exception {
        String a = "\"channels\":[{\"name\":\"a\"}]";
        int misunderstood = 0;
        for (String wrong : new String[] {
            "{\"hold\":{\"channels\":null}}",
            "{\"hold\":{\"channels\":[null]}}",
            "{\"hold\":{\"channels\":[{\"name\":null}]}}",
            "{\"hold\":{" + a.replace("}", ",\"filters\":[null]}") + "}}",
            "{\"hold\":{" + a + "},\"response\":{\"headers\":[null]}}"
        }) {
            bed.answers(200, wrong, "Content-Type", "application/grip-instruct");
            assertEquals(502, bed.node().get("/live").statusCode(), wrong);
            assertEquals(++misunderstood, bed.metric("held_misunderstood_total"), wrong);
        }
        for (String fine : new String[] {
            "\"timeout\":null,\"meta\":null,\"keep-alive\":null," + a,
            "\"meta\":{\"user\":null}," + a.replace("}", ",\"filters\":null,\"prev-id\":null}"),
            "\"keep-alive\":{\"timeout\":null,\"content\":null}," + a
        }) {
            String response = "\"response\":{\"code\":null,\"reason\":null,\"headers\":null,\"body\":\"open;\"}";
            bed.answers(
                    200,
                    "{\"hold\":{\"mode\":\"stream\"," + fine + "}," + response + "}",
                    "Content-Type",
                    "application/grip-instruct");
            try (GripBed.Client client = bed.client("/live")) {
                assertFalse(client.until("open;\r\n").contains("502"), fine);
            }
        }
    }
}
