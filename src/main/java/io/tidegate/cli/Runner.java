package io.tidegate.cli;

import io.tidegate.Settings;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From settings to a gateway that runs, and to its end. Blocks the thread of the command. */
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
     * Runs until a signal asks it to stop.
     *
     * @param started called once everything answers and the banner is printed
     * @return the exit code
     */
    int run(Settings settings, Consumer<Banner> started) throws InterruptedException {
        List<String> obstacles = StartFailure.foresee(settings);
        if (!obstacles.isEmpty()) {
            obstacles.forEach(terminal::fail);
            return 1;
        }
        CompletableFuture<Void> asked = signals.listen();
        try {
            Running gateway = await(starter.start(settings));
            Banner banner = Banner.of(settings, gateway);
            terminal.out().print(banner.text());
            terminal.out().flush();
            started.accept(banner);
            asked.get();
            LOG.info("event=stopping");
            await(gateway.stop());
            LOG.info("event=stopped");
            return 0;
        } catch (ExecutionException failed) {
            LOG.debug("event=failed", failed);
            terminal.fail(StartFailure.explain(failed));
            return 1;
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException {
        return future.toCompletionStage().toCompletableFuture().get();
    }
}
