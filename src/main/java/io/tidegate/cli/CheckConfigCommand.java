package io.tidegate.cli;

import io.tidegate.node.PathWarnings;
import io.tidegate.node.Settings;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Reports every problem in the configuration, as well as colliding paths, without starting the gateway. */
@Command(
        name = "check-config",
        description = "Print every problem of the configuration with its key, or ok if there are none.")
final class CheckConfigCommand implements Callable<Integer> {

    private final Tidegate tidegate;

    CheckConfigCommand(Tidegate tidegate) {
        this.tidegate = tidegate;
    }

    @Override
    public Integer call() {
        Optional<Settings> settings = tidegate.settings();
        if (settings.isEmpty()) {
            return 1;
        }
        PathWarnings.of(settings.get()).forEach(tidegate.terminal()::warn);
        tidegate.terminal().out().println("ok");
        return 0;
    }
}
