package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.HostileOrigin;
import io.tidegate.fixture.HostileOrigin.Behaviour;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestTerminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a misbehaving service does not affect another one behind the same gateway and the same nginx. */
@Needs({"nginx", "script", "setpriv"})
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
class HostileNeighbourTest {

    private static final Map<String, Behaviour> BEHAVIOURS = Map.of(
            "garbage",
            HostileOrigin::garbage,
            "endless headers",
            out -> HostileOrigin.repeat(out, "HTTP/1.1 200 OK\r\n", "X-More: " + "x".repeat(1_000) + "\r\n"),
            "an early close",
            out -> {
                HostileOrigin.write(out, "HTTP/1.1 200 OK\r\nContent-Le");
                out.close();
            },
            "endless interim responses",
            out -> HostileOrigin.repeat(out, "", "HTTP/1.1 102 Processing\r\n\r\n"),
            "a trickle",
            out -> HostileOrigin.trickle(out, "HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000)));

    @TempDir
    private Path folder;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private HostileOrigin hostile;
    private TestNginx nginx;

    @BeforeEach
    void start() throws Exception {
        TestTerminal service = opened(TestTerminal.start(folder, "--requests-per-minute", "1000000"));
        hostile = opened(new HostileOrigin());
        Files.writeString(
                Files.createDirectories(folder.resolve("conf")).resolve("tidegate.yaml"),
                """
                origins:
                  - {prefix: /, url: "http://127.0.0.1:%d"}
                  - {prefix: /hostile, url: "http://127.0.0.1:%d", requests: {answer: 1s, idle: 1s}}
                """
                        .formatted(service.port(), hostile.port()));
        ChildNode gateway = opened(ChildNode.start(
                folder, ":", List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), "--port", "0"));
        nginx = opened(TestNginx.inFrontOf(gateway.port(), folder));
    }

    @AfterEach
    void stop() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "endless headers", "an early close", "endless interim responses", "a trickle"})
    void itCostsTheRequestThatMeetsItAndNothingElse(String behaviour) throws Exception {
        hostile.behave(Objects.requireNonNull(BEHAVIOURS.get(behaviour)));
        for (int i = 0; i < 3; i++) {
            try (RawClient victim = request("/hostile/page")) {
                assertOthersAreWell();
                int status = victim.response().status();
                assertTrue(status == 502 || status == 504, behaviour + ": " + status);
            }
        }
        assertOthersAreWell();
    }

    private void assertOthersAreWell() throws Exception {
        try (RawClient other = request("/page.js")) {
            assertEquals(200, other.response().status());
        }
    }

    private RawClient request(String path) throws Exception {
        return new RawClient(nginx.port())
                .send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }
}
