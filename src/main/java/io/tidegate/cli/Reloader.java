package io.tidegate.cli;

import io.tidegate.config.ConfigResult;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads the configuration of a running gateway. A valid configuration is applied as a whole; an invalid one changes
 * nothing. The outcome is logged.
 */
final class Reloader {

    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final Supplier<ConfigResult<Settings>> source;
    private final CompletableFuture<Running> gateway;

    /**
     * Creates a reloader for a gateway that may still be starting.
     *
     * @param source reads the current configuration
     * @param gateway a future that completes when the gateway is running; reloads requested earlier are applied then
     */
    Reloader(Supplier<ConfigResult<Settings>> source, CompletableFuture<Running> gateway) {
        this.source = source;
        this.gateway = gateway;
    }

    /**
     * Reads the configuration and applies it. Calls are serialized, so the reload that was requested last takes effect.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a reload logs its own outcome, so its future is not needed
    synchronized void reload() {
        gateway.thenAccept(this::reload);
    }

    private void reload(Running running) {
        ConfigResult<Settings> result = source.get();
        if (result instanceof ConfigResult.Bad<Settings> bad) {
            bad.problems().forEach(problem -> LOG.error("event=config-problem problem=\"{}\"", problem));
            LOG.error(
                    "event=config-refused problems={} effect=none",
                    bad.problems().size());
        } else if (result instanceof ConfigResult.Ok<Settings> ok) {
            running.reload(ok.settings())
                    .onSuccess(Reloader::report)
                    .onFailure(failure -> LOG.error("event=config-not-applied", failure));
        }
    }

    private static void report(Reload reload) {
        LOG.info("event=config-reloaded applied={}", String.join(",", reload.applied()));
        if (!reload.needsRestart().isEmpty()) {
            LOG.warn("event=config-waits needs-restart={}", String.join(",", reload.needsRestart()));
        }
    }
}
