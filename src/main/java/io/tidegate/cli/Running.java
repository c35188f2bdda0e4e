package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** A running gateway, as commands see it. */
interface Running {

    /**
     * Returns the port that clients connect to. If the port in the settings is 0, this is the port that the system has
     * chosen.
     */
    int httpPort();

    int managementPort();

    /** Returns a ticket for the embedded pages. Its holder may also start deploys. */
    String ticket();

    /** Returns a token with all permissions of the role, signed with the gateway's own key. */
    String token(String subject, Role role, Duration ttl);

    /** Applies the settings that can change while the gateway runs. */
    Future<Reload> reload(Settings settings);

    /**
     * Drains and stops the gateway. The future's result is the reason if the shutdown was incomplete, and otherwise
     * empty.
     */
    Future<Optional<String>> stop();
}
