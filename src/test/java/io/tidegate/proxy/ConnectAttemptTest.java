package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.edge.netty.Internals;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Ejection;
import io.tidegate.proxy.origin.Health;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.OriginOutcome;
import io.tidegate.proxy.origin.Origins;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests attempts to connect to a real server, or to ports on which no server listens. */
@ExtendWith(VertxExtension.class)
class ConnectAttemptTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration BRIEF = Duration.ofMillis(150);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final OriginCounts counts = new OriginCounts(registry);
    private final AtomicInteger asked = new AtomicInteger();
    private int port;

    @BeforeEach
    void listen(Vertx vertx, VertxTestContext test) {
        vertx.createHttpServer()
                .requestHandler(request -> asked.incrementAndGet())
                .listen(0, "127.0.0.1")
                .onComplete(test.succeeding(server -> {
                    port = server.actualPort();
                    test.completeNow();
                }));
    }

    @Test
    void aConnectionIsOpenedAndNothingIsSentOnIt(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 1, 5, port), pool -> {
            RecordedAttempt one = new RecordedAttempt(vertx, pool);
            assertEquals(1, active("requests"));
            return one.done.future().compose(opened -> vertx.timer(50)).map(settled -> {
                assertEquals(List.of("opened"), one.calls);
                assertEquals(port, one.attempt.server().getPort());
                assertEquals(0, asked.get());
                one.attempt.end(OriginOutcome.ANSWERED);
                return counted(Map.of("/ requests answered", 1));
            });
        });
    }

    @Test
    void anotherServerIsTriedWhenThereIsNoConnectionToTheFirst(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 1, 5, closedPort(), port), pool -> {
            RecordedAttempt one = new RecordedAttempt(vertx, pool);
            return one.done.future().map(opened -> {
                assertEquals(List.of("opened"), one.calls);
                assertEquals(port, one.attempt.server().getPort());
                assertEquals(1, active("requests"));
                one.attempt.end(OriginOutcome.ANSWERED);
                return counted(Map.of("/ retried", 1, "/ requests answered", 1));
            });
        });
    }

    @Test
    void noMoreServersAreTriedThanConfiguredAndNoneTwice(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 1, 5, closedPort(), closedPort(), port), pool -> {
            RecordedAttempt one = new RecordedAttempt(vertx, pool);
            return one.done.future().map(failed -> {
                assertEquals(List.of("ConnectException"), one.calls);
                assertThrows(NoSuchElementException.class, one.attempt::server);
                one.attempt.noResponse(new IOException("not its fault"));
                one.attempt.end(OriginOutcome.UNREACHABLE);
                return counted(Map.of("/ retried", 1, "/ requests unreachable", 1));
            });
        });
    }

    @Test
    void theOnlyServerIsTriedOnce(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 3, 5, closedPort()), pool -> {
            RecordedAttempt one = new RecordedAttempt(vertx, pool);
            return one.done.future().map(failed -> {
                assertEquals(List.of("ConnectException"), one.calls);
                one.attempt.end(OriginOutcome.UNREACHABLE);
                return counted(Map.of("/ requests unreachable", 1));
            });
        });
    }

    @Test
    void whoFindsNoPlaceAndNoneToWaitInFailsAtOnceAndFreesNone(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 1, 5, port), pool -> {
            RecordedAttempt holder = new RecordedAttempt(vertx, pool);
            RecordedAttempt refused = new RecordedAttempt(vertx, pool);
            assertEquals(List.of("BusyException"), refused.calls);
            refused.attempt.end(OriginOutcome.BUSY);
            assertEquals(false, pool.bulkhead(TrafficClass.REQUESTS).tryAcquire(RecordedAttempt.CLIENT));
            return holder.done.future().map(opened -> {
                holder.attempt.end(OriginOutcome.ANSWERED);
                return counted(Map.of("/ requests busy", 1, "/ requests answered", 1));
            });
        });
    }

    @Test
    void whoWaitsGetsThePlaceOnceAndIsNotLateAfterwards(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 2, BRIEF, 1, 5, port), pool -> {
            RecordedAttempt holder = new RecordedAttempt(vertx, pool);
            RecordedAttempt waits = new RecordedAttempt(vertx, pool);
            RecordedAttempt last = new RecordedAttempt(vertx, pool);
            holder.attempt.end(OriginOutcome.ABANDONED);
            return waits.done
                    .future()
                    .compose(opened -> vertx.timer(2 * BRIEF.toMillis()))
                    .map(later -> {
                        assertEquals(List.of(), holder.calls);
                        assertEquals(List.of("opened"), waits.calls);
                        assertEquals(List.of("BusyException"), last.calls);
                        last.attempt.end(OriginOutcome.BUSY);
                        waits.attempt.end(OriginOutcome.ANSWERED);
                        assertEquals(List.of("BusyException"), last.calls);
                        return counted(
                                Map.of("/ requests abandoned", 1, "/ requests busy", 1, "/ requests answered", 1));
                    });
        });
    }

    @Test
    void whoWaitsTooLongFailsAndWaitsNoMore(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 1, BRIEF, 1, 5, port), pool -> {
            RecordedAttempt holder = new RecordedAttempt(vertx, pool);
            RecordedAttempt late = new RecordedAttempt(vertx, pool);
            return late.done.future().compose(failed -> {
                holder.attempt.end(OriginOutcome.ANSWERED);
                RecordedAttempt next = new RecordedAttempt(vertx, pool);
                return next.done.future().map(opened -> {
                    assertEquals(List.of("BusyException"), late.calls);
                    late.attempt.end(OriginOutcome.BUSY);
                    next.attempt.end(OriginOutcome.ANSWERED);
                    return counted(Map.of("/ requests busy", 1, "/ requests answered", 2));
                });
            });
        });
    }

    @Test
    void whoEndsWhileItWaitsIsCalledNoMore(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 1, BRIEF, 1, 5, port), pool -> {
            RecordedAttempt holder = new RecordedAttempt(vertx, pool);
            RecordedAttempt waits = new RecordedAttempt(vertx, pool);
            waits.attempt.end(OriginOutcome.ABANDONED);
            RecordedAttempt next = new RecordedAttempt(vertx, pool);
            assertEquals(List.of(), next.calls);
            holder.attempt.end(OriginOutcome.ABANDONED);
            return next.done
                    .future()
                    .compose(opened -> vertx.timer(2 * BRIEF.toMillis()))
                    .map(later -> {
                        assertEquals(List.of(), waits.calls);
                        assertEquals(List.of("opened"), next.calls);
                        next.attempt.end(OriginOutcome.ANSWERED);
                        return counted(Map.of("/ requests abandoned", 2, "/ requests answered", 1));
                    });
        });
    }

    @Test
    void whoEndsWhileItConnectsIsCalledNoMoreAndGivesOnePlaceBack(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 1, 5, port), pool -> {
            RecordedAttempt one = new RecordedAttempt(vertx, pool);
            one.attempt.end(OriginOutcome.ABANDONED);
            one.attempt.end(OriginOutcome.BROKEN);
            RecordedAttempt next = new RecordedAttempt(vertx, pool);
            assertEquals(false, pool.bulkhead(TrafficClass.REQUESTS).tryAcquire(RecordedAttempt.CLIENT));
            one.attempt.end(OriginOutcome.BROKEN);
            assertEquals(false, pool.bulkhead(TrafficClass.REQUESTS).tryAcquire(RecordedAttempt.CLIENT));
            return next.done.future().compose(opened -> vertx.timer(50)).map(later -> {
                assertEquals(List.of(), one.calls);
                next.attempt.end(OriginOutcome.ANSWERED);
                return counted(Map.of("/ requests abandoned", 1, "/ requests answered", 1));
            });
        });
    }

    @Test
    void aServerThatAnsweredIsForgivenAndOneThatDidNotIsCounted(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 1, 2, port, port), pool -> {
            RecordedAttempt one = new RecordedAttempt(vertx, pool);
            return one.done.future().map(opened -> {
                IOException failure = new IOException("no answer");
                one.attempt.noResponse(failure);
                one.attempt.responded();
                one.attempt.noResponse(failure);
                assertEquals(Map.of(), counts.lines());
                one.attempt.noResponse(failure);
                assertEquals(Map.of("/ ejected", 1), counts.lines());
                one.attempt.end(OriginOutcome.BROKEN);
                return counted(Map.of("/ ejected", 1, "/ requests broken", 1));
            });
        });
    }

    @Test
    void streamsTakeNoPlacesOfRequests(Vertx vertx, VertxTestContext test) {
        play(vertx, test, origin(1, 0, LONG, 1, 5, port), pool -> {
            RecordedAttempt stream = new RecordedAttempt(vertx, pool, TrafficClass.STREAMS);
            RecordedAttempt request = new RecordedAttempt(vertx, pool);
            assertEquals(1, active("streams"));
            return Future.all(stream.done.future(), request.done.future()).map(opened -> {
                stream.attempt.end(OriginOutcome.BROKEN);
                request.attempt.end(OriginOutcome.ANSWERED);
                return counted(Map.of("/ streams broken", 1, "/ requests answered", 1));
            });
        });
    }

    /** Runs a scene on one event loop, and then checks that every permit is free and no request is in progress. */
    private void play(Vertx vertx, VertxTestContext test, Origin origin, Function<OriginPool, Future<Boolean>> scene) {
        Origins origins = new Origins(List.of(origin), registry, 100);
        vertx.runOnContext(turn -> test.verify(() -> {
            OriginPool pool = new OriginPool(origins.current().get(0), new OriginClients(vertx, Internals.USED));
            scene.apply(pool)
                    .onComplete(test.succeeding(played -> test.verify(() -> {
                        assertEquals(0, active("requests") + active("streams"));
                        for (TrafficClass lane : TrafficClass.values()) {
                            assertTrue(pool.bulkhead(lane).tryAcquire(RecordedAttempt.CLIENT), "a permit was lost");
                            assertEquals(
                                    false,
                                    pool.bulkhead(lane).tryAcquire(RecordedAttempt.CLIENT),
                                    "a permit was released twice");
                        }
                        test.completeNow();
                    })));
        }));
    }

    private boolean counted(Map<String, Integer> lines) {
        assertEquals(lines, counts.lines());
        return true;
    }

    private double active(String lane) {
        return registry.get("origin.active")
                .tags("origin", "/", "lane", lane)
                .gauge()
                .value();
    }

    private static Origin origin(int places, int waiting, Duration connect, int retries, int failures, int... ports) {
        OriginLimits limits = new OriginLimits(connect, LONG, LONG, Duration.ZERO, places, waiting);
        Origin origin = TestOrigin.allowing(TestOrigin.of("/", ports), limits, limits);
        return TestOrigin.choosing(origin, origin.balance(), retries, Health.NONE, new Ejection(failures, LONG));
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
