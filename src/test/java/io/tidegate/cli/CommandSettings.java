package io.tidegate.cli;

import io.tidegate.config.ConfigResult;
import io.tidegate.config.Setting;
import io.tidegate.node.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Creates settings for tests that start a gateway. */
final class CommandSettings {

    private CommandSettings() {}

    static Settings onFreePorts(Path data) {
        Terminal terminal = new Terminal(System.out, System.err, Map.of(), data);
        ConfigResult<Settings> reading = new Flags()
                .read(
                        terminal,
                        Path.of(Flags.DEFAULT_FILE),
                        List.of(
                                new Setting("data", data.toString(), "test"),
                                new Setting("http.port", "0", "test"),
                                new Setting("management.port", "0", "test")));
        return ((ConfigResult.Ok<Settings>) reading).settings();
    }
}
