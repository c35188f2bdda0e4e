package io.tidegate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.bench.FaultyServer.Behaviour;
import io.tidegate.fixture.TestCertificate;
import io.tidegate.fixture.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class BenchTest {

    private static final int STREAMS = 5;
    private static final int EVENTS = 40;

    private Vertx vertx;

    @BeforeEach
    void begin(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void aGatewayLosesNothing(@TempDir Path data) throws Exception {
        try (TestNode node = TestNode.start(data)) {
            String token = node.publisher().replace("Authorization: Bearer ", "");
            Target target = Target.of(URI.create("http://127.0.0.1:" + node.port()), Optional.of(token));
            for (Load load : List.of(
                    new Load(50, 7, "bench", 64, 10, 200, OptionalDouble.empty(), 4),
                    new Load(50, 2, "bench", 20_000, 0, 60, OptionalDouble.of(500), 5))) {
                BenchResult result = run(target, load, 2, Duration.ofSeconds(20));
                assertEquals(List.of(), result.faults());
                BenchResult.Delivered delivered = result.delivered();
                assertEquals(delivered.expected(), delivered.deliveries());
                assertEquals(delivered.deliveries(), delivered.latency().getTotalCount());
                assertEquals(load.events(), result.published().events());
                assertTrue(delivered.bytes() > delivered.deliveries() * load.size(), "bytes " + delivered.bytes());
                assertEquals(50, result.opened().each().getTotalCount());
                BenchResult.Cost cost = result.cost().orElseThrow();
                assertTrue(cost.microsPerDelivery() > 0, cost.toString());
            }
        }
    }

    @Test
    void aDroppedEventIsLostForEveryStream() throws Exception {
        BenchResult result =
                against(Behaviour.of(event -> event == 7 || event == EVENTS - 1 ? List.of() : List.of(event)));
        assertEquals(2 * STREAMS, result.delivered().lost());
        assertEquals((EVENTS - 2) * STREAMS, result.delivered().deliveries());
        assertEquals(1, result.faults().size());
        assertTrue(
                result.faults().get(0).startsWith("10 deliveries were LOST"),
                result.faults().get(0));
    }

    @Test
    void whatComesTwiceIsCounted() throws Exception {
        BenchResult result = against(Behaviour.of(event -> event == 7 ? List.of(7, 7) : List.of(event)));
        assertEquals(STREAMS, result.delivered().duplicates());
        assertEquals(0, result.delivered().lost());
        assertEquals(EVENTS * STREAMS, result.delivered().deliveries());
        assertFalse(result.faults().isEmpty());
    }

    @Test
    void whatComesAfterALaterOneIsCounted() throws Exception {
        BenchResult result =
                against(Behaviour.of(event -> event == 7 ? List.of() : event == 8 ? List.of(8, 7) : List.of(event)));
        assertEquals(STREAMS, result.delivered().outOfOrder());
        assertEquals(0, result.delivered().lost());
        assertEquals(EVENTS * STREAMS, result.delivered().deliveries());
        assertFalse(result.faults().isEmpty());
    }

    @Test
    void aStreamThatIsCutComesBackWithItsIdAndMissesNothing() throws Exception {
        Behaviour behaviour = new Behaviour() {
            @Override
            public List<Integer> sendAfter(int event) {
                return List.of(event);
            }

            @Override
            public boolean cutBefore(int event) {
                return event == 7;
            }
        };
        FaultyServer server = new FaultyServer(vertx, behaviour);
        BenchResult result = run(server.target(), load(), 1, Duration.ofSeconds(20));
        assertEquals(List.of(), result.faults());
        assertEquals(STREAMS, result.delivered().reconnects());
        assertEquals(STREAMS, server.resumed.size());
    }

    @Test
    void aFailedPublishFailsTheRunAndIsNotLost() throws Exception {
        BenchResult result = against(new Behaviour() {
            @Override
            public List<Integer> sendAfter(int event) {
                return event == 7 ? List.of() : List.of(event);
            }

            @Override
            public int publishStatus(int event) {
                return event == 7 ? 503 : 200;
            }
        });
        assertEquals(0, result.delivered().lost());
        assertEquals(1, result.published().failed());
        assertEquals(
                List.of("1 publishes FAILED, first: HTTP/1.1 503 Service Unavailable"),
                result.faults().stream().map(String::strip).toList());
    }

    @Test
    void aTargetThatTakesNothingIsNotMeasured() throws Exception {
        Behaviour refuses = new Behaviour() {
            @Override
            public List<Integer> sendAfter(int event) {
                return List.of(event);
            }

            @Override
            public int publishStatus(int event) {
                return 403;
            }
        };
        FaultyServer server = new FaultyServer(vertx, refuses);
        BenchException refused =
                assertThrows(BenchException.class, () -> run(server.target(), load(), 1, Duration.ofSeconds(20)));
        assertTrue(String.valueOf(refused.getMessage()).contains("403 Forbidden"), refused.getMessage());
    }

    @Test
    void refusedStreamsAreToldWithTheReason() throws Exception {
        Behaviour refuses = new Behaviour() {
            @Override
            public List<Integer> sendAfter(int event) {
                return List.of(event);
            }

            @Override
            public int streamStatus(int stream) {
                return stream < 3 ? 200 : 429;
            }
        };
        FaultyServer server = new FaultyServer(vertx, refuses);
        BenchException refused =
                assertThrows(BenchException.class, () -> run(server.target(), load(), 1, Duration.ofSeconds(20)));
        String message = String.valueOf(refused.getMessage());
        assertTrue(
                message.startsWith(
                        "only 3 of 5 streams were opened; the others failed with: HTTP/1.1 429 Too Many Requests"),
                message);
    }

    @Test
    void streamsThatAreRefusedInBandAreToldToo() throws Exception {
        Behaviour full = new Behaviour() {
            @Override
            public List<Integer> sendAfter(int event) {
                return List.of(event);
            }

            @Override
            public boolean busy(int stream) {
                return stream >= 2;
            }
        };
        FaultyServer server = new FaultyServer(vertx, full);
        BenchException refused =
                assertThrows(BenchException.class, () -> run(server.target(), load(), 1, Duration.ofSeconds(20)));
        assertEquals(
                "only 2 of 5 streams were opened; the others failed with: event: gateway.busy data:"
                        + " {\"reason\":\"no-room\"}",
                refused.getMessage());
    }

    @Test
    void aStreamThatBeginsWithNothingIsOpenAllTheSame() throws Exception {
        BenchResult result = against(new Behaviour() {
            @Override
            public List<Integer> sendAfter(int event) {
                return List.of(event);
            }

            @Override
            public Optional<String> greeting() {
                return Optional.empty();
            }
        });
        assertEquals(List.of(), result.faults());
        assertEquals(EVENTS * STREAMS, result.delivered().deliveries());
    }

    @Test
    void nobodyThereIsToldAndSoIsSomebodyWhoNeverAnswers() throws Exception {
        int port;
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            assertTrue(message(port, Duration.ofMillis(300)).startsWith("no further stream was opened; "));
        }
        assertTrue(message(port, Duration.ofSeconds(20)).startsWith("cannot publish: "));
    }

    private static String message(int port, Duration patience) throws IOException {
        Target target = Target.of(URI.create("http://127.0.0.1:" + port), Optional.empty());
        BenchException nothing = assertThrows(BenchException.class, () -> run(target, load(), 1, patience));
        return String.valueOf(nothing.getMessage());
    }

    @Test
    void httpsIsSpokenAndTheCertificateIsChecked() throws Exception {
        HttpServerOptions tls = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(TestCertificate.make("EC").serverOptions());
        FaultyServer server = new FaultyServer(vertx, Behaviour.of(List::of), tls);
        Target checked = server.target();
        assertThrows(BenchException.class, () -> run(checked, load(), 1, Duration.ofSeconds(20)));
        Target any = new Target(
                checked.url(),
                checked.path(),
                checked.publishPath(),
                checked.body(),
                "text/plain",
                checked.token(),
                true);
        assertEquals(List.of(), run(any, load(), 1, Duration.ofSeconds(20)).faults());
    }

    private static Load load() {
        return new Load(STREAMS, 1, "bench", 50, 0, EVENTS, OptionalDouble.empty(), 1);
    }

    private BenchResult against(Behaviour behaviour) throws Exception {
        FaultyServer server = new FaultyServer(vertx, behaviour);
        return run(server.target(), load(), 1, Duration.ofSeconds(3));
    }

    private static BenchResult run(Target target, Load load, int loops, Duration patience)
            throws BenchException, InterruptedException {
        List<Long> own = List.of(ProcessHandle.current().pid());
        return Bench.run(new BenchOptions(target, load, loops, 64, patience, own), line -> {});
    }
}
