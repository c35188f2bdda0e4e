package io.tidegate.edge.message;

import static io.tidegate.event.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tidegate.problem.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                " application/json ",
                "application/json;charset=utf-8",
                "application/json; charset=\"UTF-8\"",
                "application/json; profile=x; charset=utf-8",
                "application/json;"
            })
    void parametersAndCaseDoNotMatter(String header) {
        assertEquals(MediaType.JSON, MediaType.of(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/jsonp", "application/json x", "json"})
    void anotherTypeIsAnother(String header) {
        assertNotEquals(MediaType.JSON, MediaType.of(header));
    }

    @Test
    void noHeaderIsNoType() {
        assertEquals("", MediaType.of(null).name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=latin1",
                "application/json;charset=utf-16",
                "application/json; charset="
            })
    void anotherCharsetIsRefused(String header) {
        assertRefused(Code.UNSUPPORTED_MEDIA_TYPE, () -> MediaType.of(header));
    }
}
