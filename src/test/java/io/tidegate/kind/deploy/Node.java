package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.tidegate.event.bus.Batch;
import io.tidegate.journal.Appender;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.journal.writer.JournalVerticle;
import io.tidegate.kind.Command;
import io.tidegate.kind.KindVerticle;
import io.tidegate.kind.Outcome;
import io.tidegate.problem.Code;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Provides a real environment for deploys: an event bus, a journal verticle, a deploy verticle and child processes. */
final class Node {

    private static final long TIMEOUT_SECONDS = 30;

    final RefusingJournal journal = new RefusingJournal(new MemoryJournal(Clock.systemUTC(), Map.of()));
    final Path data;
    private final Vertx vertx;
    private final Map<String, Recipe> recipes = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private int maxRuns = 4;
    private String verticle = "";

    /**
     * Deploys a journal verticle; scripts are stored in the given folder.
     *
     * @param vertx the Vert.x instance of the test, which closes it
     */
    Node(Vertx vertx, Path data) {
        this.vertx = vertx;
        this.data = data;
        JournalVerticle.registerCodecs(vertx.eventBus());
        KindVerticle.registerCodecs(vertx.eventBus());
        vertx.eventBus().<Batch>consumer(Batch.ADDRESS, this::record);
        await(vertx.deployVerticle(new JournalVerticle(journal)));
    }

    Node recipe(String name, Duration limit, String... command) {
        recipes.put(name, new Recipe(List.of(command), limit));
        return this;
    }

    /** Adds a recipe that runs a shell script. */
    Node script(String name, Duration limit, String script) throws IOException {
        Path file = Files.writeString(data.resolve(name + ".sh"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return recipe(name, limit, file.toString());
    }

    Node script(String name, String script) throws IOException {
        return script(name, Duration.ofMinutes(1), script);
    }

    Node maxRuns(int runs) {
        maxRuns = runs;
        return this;
    }

    Node start() {
        DeployOptions options = new DeployOptions(recipes, "demo", maxRuns, "deploys");
        verticle = await(vertx.deployVerticle(new DeployVerticle(journal, options, data, Clock.systemUTC())));
        return this;
    }

    Future<Void> undeploy() {
        return vertx.undeploy(verticle);
    }

    Future<Outcome> send(Verb verb, String key, JsonObject body) {
        return vertx.eventBus()
                .<Outcome>request(Command.address(Kind.DEPLOYS), new Command(verb, key, body))
                .map(Message::body);
    }

    Outcome.Done done(Verb verb, String key, JsonObject body) {
        return assertInstanceOf(Outcome.Done.class, await(send(verb, key, body)));
    }

    Code refused(Verb verb, String key, JsonObject body) {
        return assertInstanceOf(Outcome.Refused.class, await(send(verb, key, body)))
                .problem()
                .code();
    }

    /** Starts a run and returns its id. */
    String run(String recipe) {
        return done(Verb.CREATE, "", new JsonObject().put("recipe", recipe)).key();
    }

    /** Starts a run and returns the finished deploy. */
    JsonObject runToEnd(String recipe) {
        return end(run(recipe));
    }

    /** Waits until the deploy has finished and returns it. */
    JsonObject end(String id) {
        return awaitEvent(event -> event.topic().name().equals("deploys/" + id)
                        && event.type().name().equals("deploy_status")
                        && !"running".equals(event.data().object().getString("status")))
                .data()
                .object();
    }

    /** Waits until the run has printed this line. */
    void awaitLine(String id, String line) {
        awaitEvent(
                event -> isLog(event, id) && line.equals(event.data().object().getString("line")));
    }

    void append(Draft draft) {
        await(new Appender(vertx.eventBus()).append(draft));
    }

    List<JsonObject> log(String id) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> isLog(event, id))
                    .map(event -> event.data().object())
                    .toList();
        }
    }

    List<String> lines(String id) {
        return log(id).stream().map(line -> line.getString("line")).toList();
    }

    List<String> types(String id) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.topic().name().equals("deploys/" + id))
                    .map(event -> event.type().name())
                    .toList();
        }
    }

    JsonObject latest(String id) {
        return journal.latest(Kind.DEPLOYS, id).orElseThrow().data().object();
    }

    Path directory(String id) {
        return data.resolve("deploys").resolve(id);
    }

    Event awaitEvent(Predicate<Event> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        synchronized (events) {
            for (int seen = 0; ; ) {
                for (; seen < events.size(); seen++) {
                    if (wanted.test(events.get(seen))) {
                        return events.get(seen);
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("not seen among " + events);
                }
                try {
                    events.wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Waits until a process has ended. A killed process must be scheduled once more, and its parent may not have reaped
     * it yet.
     */
    static void assertGone(long pid) {
        assertNotEquals(ProcessHandle.current().pid(), pid);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (isAlive(pid)) {
            assertTrue(System.nanoTime() < until, "alive: " + pid);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static boolean isAlive(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.noneMatch(line -> line.startsWith("State:\tZ"));
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    /** Ends the running programs while the journal can still record how they ended. */
    Future<Void> close() {
        return vertx.deploymentIDs().contains(verticle) ? undeploy() : Future.succeededFuture();
    }

    private void record(Message<Batch> batch) {
        synchronized (events) {
            events.addAll(batch.body().events());
            events.notifyAll();
        }
    }

    private static boolean isLog(Event event, String id) {
        return event.topic().name().equals("deploys/" + id)
                && event.type().name().equals("deploy_log");
    }
}
