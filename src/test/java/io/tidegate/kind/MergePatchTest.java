package io.tidegate.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

    /** Tests the cases of RFC 7396, appendix A, whose target and patch are objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"b\"} | {\"b\":\"c\"} | {\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"} | {\"a\":null} | {}",
                "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null} | {\"b\":\"c\"}",
                "{\"a\":[\"b\"]} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"c\"} | {\"a\":[\"b\"]} | {\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}} | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
                "{\"a\":[{\"b\":\"c\"}]} | {\"a\":[1]} | {\"a\":[1]}",
                "{\"e\":null} | {\"a\":1} | {\"e\":null,\"a\":1}",
                "{} | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}",
                "{\"a\":{\"b\":{\"c\":1,\"d\":2}}} | {\"a\":{\"b\":{\"c\":3}}} | {\"a\":{\"b\":{\"c\":3,\"d\":2}}}"
            })
    void thePatchIsMerged(String target, String patch, String result) {
        assertEquals(
                result,
                MergePatch.apply(new JsonObject(target), new JsonObject(patch)).encode());
    }

    @Test
    void neitherIsChanged() {
        JsonObject target = new JsonObject("{\"a\":{\"b\":1}}");
        JsonObject patch = new JsonObject("{\"a\":{\"b\":2},\"n\":{\"x\":1}}");
        JsonObject result = MergePatch.apply(target, patch);
        result.getJsonObject("n").put("x", 9);
        assertEquals("{\"a\":{\"b\":1}}", target.encode());
        assertEquals("{\"a\":{\"b\":2},\"n\":{\"x\":1}}", patch.encode());
    }
}
