package io.tidegate.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {

    @ParameterizedTest
    @EnumSource(Code.class)
    void everyCodeIsAnErrorWithAStableTextAndASentence(Code code) {
        assertTrue(code.status() >= 400 && code.status() < 600);
        assertTrue(code.text().matches("[a-z]+(-[a-z]+)*"), code.text());
        assertTrue(code.title().matches("[A-Z].*[^.]"), code.title());
    }

    @Test
    void whatMaySucceedLaterIsWhatDependsOnTheMomentAlone() {
        Set<String> temporary = Arrays.stream(Code.values())
                .filter(Code::temporary)
                .map(Code::text)
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "too-many-runs",
                        "overloaded",
                        "rate-limited",
                        "stream-limit",
                        "ticket-limit",
                        "draining",
                        "storage-unavailable",
                        "storage-full",
                        "origin-unreachable",
                        "origin-busy",
                        "origin-timeout"),
                temporary);
    }

    @Test
    void aTemporaryProblemSaysWhenToTryAgain() {
        assertEquals(1, Problem.of(Code.DRAINING, "bye").retryAfterSeconds());
        assertEquals(0, Problem.of(Code.INVALID_KEY, "no").retryAfterSeconds());
    }

    @Test
    void theBodyHasTheMembersOfRfc9457AndTheCode() {
        JsonObject expected = new JsonObject()
                .put("type", "about:blank")
                .put("title", "The key is not valid")
                .put("status", 422)
                .put("code", "invalid-key")
                .put("detail", "too long");
        assertEquals(expected, Problem.of(Code.INVALID_KEY, "too long").toJson());
    }

    @Test
    void theExceptionCarriesTheProblemAndNoStack() {
        ProblemException e = Problem.of(Code.CONFLICT, "is there").toException();
        assertEquals(Code.CONFLICT, e.problem().code());
        assertEquals("conflict: is there", e.getMessage());
        assertEquals(0, e.getStackTrace().length);
    }
}
