package io.tidegate.cli;

import io.tidegate.node.Settings;
import io.vertx.core.Future;

/** Builds and starts the gateway. The future completes when the gateway accepts requests. */
@FunctionalInterface
interface Starter {
    Future<Running> start(Settings settings);
}
