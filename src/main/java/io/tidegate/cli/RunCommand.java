package io.tidegate.cli;

import io.tidegate.node.Settings;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs the gateway until a signal stops it. */
@Command(
        name = "run",
        description = {
            "Start the gateway and print its addresses.",
            "SIGTERM or Ctrl-C drains and stops it, SIGHUP reloads the configuration."
        })
final class RunCommand implements Callable<Integer> {

    private final Tidegate tidegate;
    private final Runner runner;

    RunCommand(Tidegate tidegate, Runner runner) {
        this.tidegate = tidegate;
        this.runner = runner;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<Settings> settings = tidegate.settings();
        return settings.isPresent()
                ? runner.run(settings.get(), tidegate::read, banner -> banner.print(tidegate.terminal()))
                : 1;
    }
}
