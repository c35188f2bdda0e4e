package io.tidegate.cli;

import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import io.vertx.core.Future;

/** What the commands need of a started gateway. */
interface Running {

    /** The port that clients reach, chosen by the system when the settings say 0. */
    int httpPort();

    int managementPort();

    /** A ticket for the embedded pages, which may start a deploy. */
    String ticket();

    /** Takes over what can change while it runs. */
    Future<Reload> reload(Settings settings);

    /** Drains, then ends everything. */
    Future<Void> stop();
}
