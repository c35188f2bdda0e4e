package io.tidegate.cli;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.tidegate.config.ConfigResult;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the gateway and runs it until it is stopped. Blocks the command's thread. */
final class Runner {

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    private final Terminal terminal;
    private final Starter starter;
    private final Signals signals;

    Runner(Terminal terminal, Starter starter, Signals signals) {
        this.terminal = terminal;
        this.starter = starter;
        this.signals = signals;
    }

    /**
     * Runs the gateway until a signal requests a shutdown.
     *
     * @param configuration reads the current configuration; called on each reload
     * @param started called when the gateway accepts requests, for example to print its addresses
     * @return the exit code
     */
    int run(Settings settings, Supplier<ConfigResult<Settings>> configuration, Consumer<Banner> started)
            throws InterruptedException {
        List<String> obstacles = StartFailure.obstacles(settings);
        if (!obstacles.isEmpty()) {
            obstacles.forEach(terminal::fail);
            return 1;
        }
        StartFailure.warnings(settings).forEach(terminal::warn);
        CompletableFuture<Running> running = new CompletableFuture<>();
        CompletableFuture<Void> stopRequest = signals.listen(new Reloader(configuration, running)::reload);
        try {
            Running gateway = await(starter.start(settings));
            started.accept(Banner.of(settings, gateway));
            running.complete(gateway);
            stopRequest.get();
            Optional<String> incomplete = stop(gateway, settings.shutdown().exit());
            incomplete.ifPresent(reason -> terminal.fail("the shutdown is incomplete: " + reason));
            return incomplete.isPresent() ? 1 : 0;
        } catch (ExecutionException failed) {
            LOG.debug("event=failed", failed);
            StartFailure.explain(failed).lines().forEach(terminal::fail);
            return 1;
        }
    }

    /**
     * Stops the gateway. If that takes longer than the limit, this method returns anyway, and the remaining work is cut
     * off when the process exits.
     *
     * @return the reason if the shutdown was incomplete; otherwise empty
     */
    private static Optional<String> stop(Running gateway, Duration limit)
            throws InterruptedException, ExecutionException {
        LOG.info("event=stopping");
        try {
            Optional<String> incomplete =
                    gateway.stop().toCompletionStage().toCompletableFuture().get(limit.toMillis(), MILLISECONDS);
            LOG.info("event=stopped");
            return incomplete;
        } catch (TimeoutException hangs) {
            LOG.warn("event=stop-given-up after={}s", limit.toSeconds());
            return Optional.of("it took longer than " + limit.toSeconds() + " s");
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException {
        return future.toCompletionStage().toCompletableFuture().get();
    }
}
