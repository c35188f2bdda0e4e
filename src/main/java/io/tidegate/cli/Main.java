package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.node.Gateway;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** The entry point of the process. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Optional<String> obstacle = OpenFiles.obstacle();
        if (obstacle.isPresent()) {
            System.err.println("tidegate: " + obstacle.get());
            System.exit(1);
        }
        System.exit(Tidegate.execute(Terminal.ofProcess(), Main::start, Signals.ofProcess(), arguments));
    }

    private static Future<Running> start(Settings settings) {
        return Gateway.start(settings).map(Main::running);
    }

    private static Running running(Gateway gateway) {
        return new Running() {
            @Override
            public int httpPort() {
                return gateway.httpPort();
            }

            @Override
            public int managementPort() {
                return gateway.managementPort();
            }

            @Override
            public String ticket() {
                return gateway.ticket();
            }

            @Override
            public String token(String subject, Role role, Duration ttl) {
                return gateway.token(subject, role, ttl);
            }

            @Override
            public Future<Reload> reload(Settings settings) {
                return gateway.reload(settings);
            }

            @Override
            public Future<Optional<String>> stop() {
                return gateway.stop();
            }
        };
    }
}
