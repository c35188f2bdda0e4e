package io.tidegate.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.tidegate.ops.MetricsOptions.VertxCategories;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
@SuppressWarnings("NullAway.Init") // each test sets the fields, with its own options
class MeteredVertxTest {

    private static final Set<String> FIXED_LABELS =
            Set.of("pool_type", "pool_name", "name", "allocator.type", "memory.type", "cache.type");

    private final Metrics metrics = new Metrics();
    private Vertx vertx;

    @AfterEach
    void close(VertxTestContext test) {
        vertx.close().andThen(closed -> metrics.close()).onComplete(test.succeedingThenComplete());
    }

    private void start(VertxCategories categories) {
        vertx = MeteredVertx.create(new VertxOptions().setEventLoopPoolSize(1), categories, metrics.registry());
    }

    /** Uses a client, a server, the event bus and a worker pool. The request has a method that no other request has. */
    private void use() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(299).end("answer"))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        vertx.createHttpClient()
                .request(HttpMethod.valueOf("FOO"), server.actualPort(), "127.0.0.1", "/secret")
                .compose(request -> request.send())
                .compose(response -> response.body())
                .await(20, TimeUnit.SECONDS);
        vertx.eventBus()
                .consumer("address", message -> message.reply("reply"))
                .completion()
                .await(20, TimeUnit.SECONDS);
        vertx.eventBus().request("address", "question").await(20, TimeUnit.SECONDS);
        Callable<String> task = () -> "done";
        vertx.executeBlocking(task).await(20, TimeUnit.SECONDS);
    }

    private Set<String> families() {
        return metrics.registry().getMeters().stream()
                .map(meter -> meter.getId().getName())
                .filter(name -> name.startsWith("vertx.") || name.startsWith("netty."))
                .map(name -> name.replaceFirst("^([a-z]+\\.(http\\.|net\\.)?[a-z]+).*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static VertxCategories only(String category) {
        return new VertxCategories(
                category.equals("event-loops"),
                category.equals("pools"),
                category.equals("event-bus"),
                category.equals("http-client"),
                category.equals("http-server"),
                category.equals("net-client"),
                category.equals("net-server"),
                category.equals("datagram"),
                category.equals("verticles"));
    }

    @ParameterizedTest
    @CsvSource({
        "event-loops, netty.allocator netty.eventexecutor",
        "pools, vertx.pool",
        "event-bus, vertx.eventbus",
        "http-client, vertx.http.client",
        "http-server, vertx.http.server",
    })
    void eachCategoryIsCountedAloneWhereItAloneIsEnabled(String category, String families) throws Exception {
        start(only(category));
        use();
        assertEquals(Set.of(families.split(" ", -1)), families());
    }

    @Test
    void withoutACategoryThereIsNothingOfVertxInTheRegistry() throws Exception {
        start(VertxCategories.NONE);
        use();
        assertFalse(vertx.isMetricsEnabled());
        assertEquals(Set.of(), families());
    }

    @Test
    void nothingThatAClientOrAnOriginChoosesBecomesALabelNorAnythingThatChangesWithEachStart() throws Exception {
        start(new VertxCategories(true, true, true, true, true, true, true, true, true));
        use();
        for (Meter meter : metrics.registry().getMeters()) {
            String name = meter.getId().getName();
            if (name.startsWith("vertx.") || name.startsWith("netty.")) {
                meter.getId().getTags().forEach(tag -> {
                    assertTrue(FIXED_LABELS.contains(tag.getKey()), name + " " + tag);
                    assertFalse(tag.getValue().matches(".*(FOO|299|secret|\\d{4}).*"), name + " " + tag);
                });
            }
        }
    }

    @Test
    void twoOfOneProcessCountIntoTheirOwnRegistries() throws Exception {
        start(only("event-bus"));
        try (Metrics others = new Metrics()) {
            Vertx other = MeteredVertx.create(new VertxOptions(), only("event-bus"), others.registry());
            use();
            other.close().await(20, TimeUnit.SECONDS);
            assertEquals(
                    1, metrics.registry().get("vertx.eventbus.sent").counter().count());
            assertEquals(
                    0, others.registry().find("vertx.eventbus.sent").counters().size());
        }
        vertx.eventBus().request("address", "again").await(20, TimeUnit.SECONDS);
        assertEquals(2, metrics.registry().get("vertx.eventbus.sent").counter().count());
    }
}
