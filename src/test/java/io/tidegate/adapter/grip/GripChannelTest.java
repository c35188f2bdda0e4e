package io.tidegate.adapter.grip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GripChannelTest {

    @ParameterizedTest
    @CsvSource({
        "test, grip/test",
        "room/1, grip/room~2F1",
        "user-42.x:y@z_0, grip/user-42.x:y@z_0",
        "a~b, grip/a~7Eb",
        "a b, grip/a~20b",
        "ü, grip/~C3~BC",
        "., grip/~2E",
        ".., grip/~2E~2E",
        "..., grip/...",
        "*, grip/~2A",
    })
    void everyChannelHasATopicOfItsOwn(String channel, String topic) {
        assertEquals(topic, GripChannel.topic(channel).name());
    }

    @Test
    void aChannelHasANameOfSomeLength() {
        assertThrows(ProblemException.class, () -> GripChannel.topic(""));
        assertThrows(ProblemException.class, () -> GripChannel.topic("x".repeat(129)));
        assertEquals(133, GripChannel.topic("x".repeat(128)).name().length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x | x | 55 | false",
                ": \\n\\n; format=cstring; timeout=20 | ': NN' | 20 | false",
                "a\\\\b\\tc; format=cstring | 'a\\bTc' | 55 | false",
                "\\x41\\x7eb; format=cstring | A~b | 55 | false",
                "eA==; format=base64; mode=interval; timeout=0 | x | 1 | true",
                "x; later=1 | x | 55 | false",
            })
    void aKeepAliveIsReadFromItsField(String field, String content, int seconds, boolean interval) {
        String expected = content.replace('N', '\n').replace('T', '\t');
        assertEquals(new KeepAlive(Buffer.buffer(expected), seconds, interval), KeepAlive.parse(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x; format=hex",
                "!; format=base64",
                "x; timeout=soon",
                "\\x4; format=cstring",
                "a\\x; format=cstring"
            })
    void aKeepAliveThatIsNoneIsRefused(String field) {
        assertThrows(IllegalArgumentException.class, () -> KeepAlive.parse(field));
    }
}
