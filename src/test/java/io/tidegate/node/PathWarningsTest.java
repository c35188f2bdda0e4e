package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.watch.Watch;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Rate;
import io.tidegate.edge.limit.RateRule;
import io.tidegate.edge.limit.RequestLimits;
import io.tidegate.event.Kind;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathWarningsTest {

    private static final Rate RATE = new Rate(60, 1);

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

    @Test
    void theMovedPathsOfTheApiAreNamed() {
        TestSettings settings =
                settings("/api", "/live/x", "/").kinds(Kind.ITEMS).paths("/", "/live");
        List<String> warnings = PathWarnings.of(
                settings.watches(new Watch(Kind.SESSIONS, "/", "/api/sessions")).build());
        assertEquals(
                "origins[2].prefix: the gateway itself serves /_tidegate/, /live/events, /live/sse/, /live/sessions, "
                        + "/api/sessions, /live/items, /live/server/state, so these paths of the origin are not accessible",
                warnings.get(0));
        assertTrue(warnings.get(2).startsWith("watches[0].kind: the gateway itself serves GET /api/sessions, "));
        assertEquals(3, warnings.size(), warnings::toString);
    }

    @Test
    void aKindThatAnOriginOwnsIsNamed() {
        List<String> warnings = PathWarnings.of(
                settings("/api/sessions").kinds(Kind.ITEMS, Kind.SESSIONS).build());
        assertEquals(
                List.of(
                        "kinds[1]: /api/sessions belongs to the origin with the prefix /api/sessions, so the gateway does"
                                + " not serve it"),
                warnings);
        assertEquals(
                List.of(),
                PathWarnings.of(settings("/api/sessions")
                        .kinds(Kind.SESSIONS)
                        .paths("/", "/live")
                        .build()));
    }

    @Test
    void aWatchedListThatHidesAnotherPathOfAnOriginIsNamed() {
        TestSettings settings = settings("/app", "/api/sessions");
        assertEquals(
                List.of("watches[0].kind: the gateway itself serves GET /api/sessions, so this path of the origin with "
                        + "the prefix /api/sessions, which is not the list that is polled, is not accessible"),
                PathWarnings.of(settings.watches(new Watch(Kind.SESSIONS, "/app", "/app/sessions"))
                        .build()));
        assertEquals(
                List.of(),
                PathWarnings.of(settings.watches(new Watch(Kind.SESSIONS, "/api/sessions", "/api/sessions?all=1"))
                        .build()));
    }

    @Test
    void limitsThatNameAMovedPathAreNamed() {
        RequestLimits limits = new RequestLimits(
                RATE,
                RATE,
                RATE,
                List.of(new RateRule("/_tidegate/health", 60, 1), new RateRule("/live/shop", 60, 1)),
                List.of("/live/sse/", "/api/sse/"),
                10);
        TestSettings settings = settings("/shop").paths("/", "/live");
        assertEquals(
                List.of(
                        "limits.requests.exempt[0]: the name of the gateway's own path /live/sse/ in limits is /api/sse/, "
                                + "so this entry does not apply to it",
                        "limits.requests.rules[0].prefix: the name of the gateway's own path /_tidegate/health in limits "
                                + "is /health, so this entry does not apply to it"),
                PathWarnings.of(settings.limits(new LimitOptions(limits, LimitOptions.DEFAULTS.streams()))
                        .build()));
    }
}
