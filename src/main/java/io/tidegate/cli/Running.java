package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import java.time.Duration;

/** What the commands need of a started gateway. */
interface Running {

    /** The port that clients reach, chosen by the system when the settings say 0. */
    int httpPort();

    int managementPort();

    /** A ticket for the embedded pages, which may start a deploy. */
    String ticket();

    /** Returns a token for everything that the role may do, signed with the gateway's own key. */
    String token(String subject, Role role, Duration ttl);

    /** Takes over what can change while it runs. */
    Future<Reload> reload(Settings settings);

    /** Drains, then ends everything. */
    Future<Void> stop();
}
