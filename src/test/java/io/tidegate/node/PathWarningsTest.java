package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Kind;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathWarningsTest {

    private static TestSettings settings(String... prefixes) {
        return TestSettings.in(Path.of("data"))
                .origins(List.of(prefixes).stream()
                        .map(prefix -> TestOrigin.of(prefix, 1))
                        .toList());
    }

    @Test
    void withoutCollisionsThereIsNoWarning() {
        assertEquals(List.of(), PathWarnings.of(settings().build()));
        assertEquals(
                List.of(),
                PathWarnings.of(settings("/shop", "/api/sessions", "/lab/x", "/health/x", "/api/cart")
                        .build()));
    }

    @Test
    void anOriginForEverythingIsToldWhatItDoesNotReceiveAndWhatHasMoved() {
        List<String> warnings = PathWarnings.of(settings("/").kinds(Kind.ITEMS).build());
        assertEquals(
                "origins[0].prefix: the gateway itself serves /_tidegate/, /api/events, /api/sse/, /api/items, "
                        + "/api/server/state, so these paths of the origin are not accessible",
                warnings.get(0));
        assertTrue(warnings.get(1)
                .startsWith("origins: because an origin has the prefix /, the gateway serves /, /lab, "));
        assertTrue(warnings.get(1).contains(" /health, /ready, "));
        assertTrue(warnings.get(1).endsWith(" only below /_tidegate/"));
        assertEquals(2, warnings.size());
    }

    @Test
    void aPrefixBelowOrAroundAPathOfTheGatewayIsNamed() {
        List<String> warnings = PathWarnings.of(
                settings("/api", "/health", "/events/x", "/_tidegate/x").build());
        assertEquals(4, warnings.size(), warnings::toString);
        assertTrue(
                warnings.get(0).contains("serves /api/events, /api/sse/, /api/ticket, /api/sign-out, /api/streams,"));
        assertTrue(warnings.get(1).contains("serves /health,"));
        assertTrue(warnings.get(2).contains("serves /events/,"));
        assertTrue(warnings.get(3).contains("serves /_tidegate/,"));
    }
}
