package io.tidegate.event;

import static io.tidegate.event.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import io.tidegate.problem.Code;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.00",
                "1e400",
                "1E+5",
                "-0",
                "-0.0",
                "0.1000000000000000055511151231257827",
                "123456789012345678901234567890",
                "9007199254740993",
                "{\"a\":[1.50,{\"b\":-1e-400}]}",
                "\"\"",
                "null",
                "true",
                "[]",
                "{}",
                "\"ümläut 😀\"",
                "{\"\":1}"
            })
    void aValueIsKeptAsItIs(String json) {
        assertEquals(json, JsonText.parse(json).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s{}]", "{\"a\":[%s{}]}", "[[%s{}]]"})
    void onlyAValueOfFewEnoughValuesIsExpanded(String form) {
        JsonText few = JsonText.parse(form.formatted("{},".repeat(9_900)));
        assertSame(few, few.requireValues(10_000));
        JsonText many = JsonText.parse(form.formatted("{},".repeat(10_000)));
        assertRefused(Code.PAYLOAD_TOO_LARGE, () -> many.requireValues(10_000));
    }

    @Test
    void textIsOneValueWhateverItContains() {
        JsonText text = JsonText.parse("{\"a\":\"" + "{,[\\\"".repeat(30_000) + "\"}");
        assertSame(text, text.requireValues(10_000));
    }

    @Test
    void whatIsPrintedOverLinesBecomesOneLine() {
        String pretty = "{\r\n\t\"a\" : [ 1,\n 2 ],\r \"b\":\"x\\r\\ny\\u0000\"\n}\n";
        String line = JsonText.parse(pretty).toString();
        assertEquals("{\"a\":[1,2],\"b\":\"x\\r\\ny\\u0000\"}", line);
        assertTrue(line.chars().noneMatch(Character::isISOControl));
    }

    @Test
    void escapesThatAreNotNeededMeanTheSameCharacter() {
        assertEquals(
                "\"Aé😀/\"",
                JsonText.parse("\"\\u0041\\u00e9\\ud83d\\ude00\\/\"").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "\"a\\udc00b\"", "\"\\ude00\\ud83d\"", "{\"\\ud800\":\"\\ud800😀\"}"})
    void halfOfASurrogatePairStaysAnEscape(String json) {
        String text = JsonText.parse(json).toString();
        assertEquals(json, text);
        assertEquals(text, new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    @Test
    void anObjectOfOursSurvivesUtf8AsWell() {
        assertEquals(
                "{\"a\":\"\\ud800\"}",
                JsonText.of(new JsonObject().put("a", "\ud800")).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "[1",
                "{\"a\":}",
                "{\"a\":1,}",
                "[1,]",
                "{a:1}",
                "{'a':1}",
                "nope",
                "NaN",
                "-Infinity",
                "01",
                "+1",
                ".5",
                "1.",
                "\"a",
                "\"\n\"",
                "\"\t\"",
                "\"\u0000\"",
                "\"\\x\"",
                "\"\\u12\"",
                "1 2",
                "{} {}",
                "[]]",
                "{}x",
                "/* */1",
                "1 // one",
                "\u00a01",
                "{\"a\":1,\"a\":2}",
                "[{\"b\":{\"a\":1,\"a\":1}}]",
                "1e99999999999",
                "1e2147483648"
            })
    void whatIsNotOneJsonValueIsRefused(String json) {
        assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse(json));
    }

    @Test
    void depthNumbersAndNamesAreBounded() {
        String deepest = "[".repeat(100) + "]".repeat(100);
        assertEquals(deepest, JsonText.parse(deepest).toString());
        assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse("[" + deepest + "]"));
        assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse("[".repeat(1 << 20)));

        assertEquals(200, JsonText.parse("9".repeat(200)).toString().length());
        assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse("9".repeat(201)));
        assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse("{\"" + "x".repeat(60_000) + "\":1}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1",
                "{\"a\"",
                "]",
                "[1}",
                "{\"a\":[}",
                "NaN",
                "-Infinity",
                "/* */1",
                "\"a",
                "{\"a\":1,\"a\":2}",
                "1e99999999999"
            })
    void aRefusalSaysNothingOfTheParser(String json) {
        assertClean(
                assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse(json)).detail());
        assertClean(assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse("[".repeat(101)))
                .detail());
    }

    private static void assertClean(String detail) {
        assertFalse(detail.matches(".*(Stream|Source|Feature|jackson|java|Exception|Constraints).*"), detail);
    }

    @Test
    void aRefusalSaysWhereAndStaysShort() {
        String where = assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse("{\n  \"a\": tru\n}"))
                .detail();
        assertTrue(where.endsWith("(line 2, column 11)"), where);
        String name = "x".repeat(10_000);
        String twice = "{\"" + name + "\":1,\"" + name + "\":2}";
        assertTrue(assertRefused(Code.MALFORMED_JSON, () -> JsonText.parse(twice))
                        .detail()
                        .length()
                < 300);
    }

    @Test
    void aFailureToReadIsToldWithoutItsCause() {
        assertEquals("unreadable", JsonText.reason(new IOException("/etc/secret")));
    }

    @Test
    void bytesAreUtf8OrRefused() {
        assertEquals("\"ü\"", JsonText.decode("\"ü\"".getBytes(StandardCharsets.UTF_8)));
        byte[][] wrong = {
            {'"', (byte) 0xff, '"'},
            {'"', (byte) 0xc3, '"'},
            {'"', (byte) 0xc0, (byte) 0x80, '"'},
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
        };
        for (byte[] bytes : wrong) {
            assertRefused(Code.MALFORMED_JSON, () -> JsonText.decode(bytes));
        }
    }

    @Test
    void oneValueIsTakenOutOfALargerOne() throws IOException {
        try (JsonParser parser = JsonText.JSON.createParser("[ {\"a\" : [1, 2]} , 3.0]")) {
            parser.nextToken();
            parser.nextToken();
            assertEquals("{\"a\":[1,2]}", JsonText.next(parser).toString());
            parser.nextToken();
            assertEquals("3.0", JsonText.next(parser).toString());
        }
    }

    @Test
    void asAnObjectItKeepsItsNumbers() {
        String json = "{\"a\":1.00,\"b\":[1E+400],\"c\":12345678901234567890,\"d\":{\"e\":0.10},\"f\":null}";
        JsonObject object = JsonText.parse(json).object();
        assertEquals(new BigDecimal("1.00"), object.getValue("a"));
        assertEquals(json, JsonText.of(object).toString());
        assertEquals(json, JsonText.of(object.copy()).toString());
    }

    @Test
    void anObjectIsANewOneEachTime() {
        JsonText text = JsonText.parse("{\"a\":1}");
        text.object().put("a", 2);
        assertEquals(1, text.object().getInteger("a"));
    }

    @Test
    void aScalarMemberIsFoundByName() {
        JsonText text =
                JsonText.parse("{\"x\":{\"id\":\"no\"},\"l\":[1],\"id\":\"s\\u0031\",\"n\":42,\"t\":true,\"z\":null}");
        assertEquals(Optional.of("s1"), text.scalar("id"));
        assertEquals(Optional.of("42"), text.scalar("n"));
        assertEquals(Optional.of("true"), text.scalar("t"));
        assertEquals(Optional.empty(), text.scalar("z"));
        assertEquals(Optional.empty(), text.scalar("x"));
        assertEquals(Optional.empty(), text.scalar("l"));
        assertEquals(Optional.empty(), text.scalar("none"));
    }

    @Test
    void equalTextIsEqual() {
        JsonText text = JsonText.parse(" {\"a\" : 1} ");
        assertEquals(JsonText.trusted("{\"a\":1}"), text);
        assertEquals(JsonText.trusted("{\"a\":1}").hashCode(), text.hashCode());
        assertNotEquals(JsonText.parse("{\"a\":1.0}"), text);
        assertNotEquals("{\"a\":1}", (Object) text);
        assertTrue(text.isObject());
        assertFalse(JsonText.parse("[{}]").isObject());
    }
}
