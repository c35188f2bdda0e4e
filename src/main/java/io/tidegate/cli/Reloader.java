package io.tidegate.cli;

import io.tidegate.config.ConfigResult;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a running gateway the configuration as it is now: as a whole where it is valid, and otherwise not at all. What came
 * of it is told in the log.
 */
final class Reloader {

    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final Supplier<ConfigResult<Settings>> source;
    private final CompletableFuture<Running> gateway;

    /** @param gateway what is asked for before it runs is done once it does */
    Reloader(Supplier<ConfigResult<Settings>> source, CompletableFuture<Running> gateway) {
        this.source = source;
        this.gateway = gateway;
    }

    /** One after the other, so that the last one asked for is the one that counts. */
    @SuppressWarnings("FutureReturnValueIgnored") // a reload reports its own outcome
    synchronized void reload() {
        gateway.thenAccept(this::reload);
    }

    private void reload(Running running) {
        ConfigResult<Settings> reading = source.get();
        if (reading instanceof ConfigResult.Bad<Settings> bad) {
            bad.problems().forEach(problem -> LOG.error("event=config-problem problem=\"{}\"", problem));
            LOG.error(
                    "event=config-refused problems={} effect=none",
                    bad.problems().size());
        } else if (reading instanceof ConfigResult.Ok<Settings> ok) {
            running.reload(ok.settings())
                    .onSuccess(Reloader::tell)
                    .onFailure(failure -> LOG.error("event=config-not-applied", failure));
        }
    }

    private static void tell(Reload reload) {
        LOG.info("event=config-reloaded applied={}", String.join(",", reload.applied()));
        if (!reload.needsRestart().isEmpty()) {
            LOG.warn("event=config-waits needs-restart={}", String.join(",", reload.needsRestart()));
        }
    }
}
