package io.tidegate.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.awt.Point;
import org.junit.jupiter.api.Test;

class PlainJsonTest {

    @Test
    void jsonIsWrittenAndReadWithoutDataBindingThoughItIsOnTheClassPath() {
        assertEquals(JacksonCodec.class, Json.CODEC.getClass());
        assertEquals("{\"a\":[1,2.5,null]}", new JsonObject("{\"a\": [1, 2.5, null]}").encode());
        assertThrows(EncodeException.class, () -> Json.encode(new Point()));
    }
}
