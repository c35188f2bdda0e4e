package io.tidegate.cli;

import io.tidegate.config.YamlWriter;
import io.tidegate.node.Settings;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the effective configuration, merged from all its layers. */
@Command(name = "print-config", description = "Print the effective configuration as YAML, with secrets masked.")
final class PrintConfigCommand implements Callable<Integer> {

    private final Tidegate tidegate;

    PrintConfigCommand(Tidegate tidegate) {
        this.tidegate = tidegate;
    }

    @Override
    public Integer call() {
        Optional<Settings> settings = tidegate.settings();
        settings.map(YamlWriter::masked).ifPresent(tidegate.terminal().out()::print);
        return settings.isPresent() ? 0 : 1;
    }
}
