package io.tidegate.cli;

import io.tidegate.config.ConfigProblem;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.ConfigResult;
import io.tidegate.config.Environment;
import io.tidegate.config.Setting;
import io.tidegate.node.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Defines the flags that every command accepts, and reads the configuration that results from them. */
final class Flags {

    static final String DEFAULT_FILE = "conf/tidegate.yaml";
    private static final String PREFIX = "TIDEGATE_";
    private static final String LOG_LEVEL = "TIDEGATE_LOG";
    private static final Set<String> LOG_LEVELS = Set.of("trace", "debug", "info", "warn", "error", "off");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration file. Default: " + DEFAULT_FILE + " if it exists.")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "Set a single value of the configuration, for example --set streams.heartbeat=30s.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            scope = ScopeType.INHERIT,
            description = "Same as --set http.host.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", scope = ScopeType.INHERIT, description = "Same as --set http.port.")
    private @Nullable String port;

    @Option(names = "--data", paramLabel = "FOLDER", scope = ScopeType.INHERIT, description = "Same as --set data.")
    private @Nullable String data;

    /**
     * Reads the effective configuration.
     *
     * @param defaultFile the file to read if no flag names a file; ignored if it does not exist
     * @param overrides the command's own settings, which override the file and the environment but not the flags
     */
    ConfigResult<Settings> read(Terminal terminal, Path defaultFile, List<Setting> overrides) {
        List<ConfigProblem> problems = new ArrayList<>();
        List<Setting> settings = new ArrayList<>(overrides);
        set.forEach(text -> split(text, settings, problems));
        add(settings, "http.host", host, "--host");
        add(settings, "http.port", port, "--port");
        add(settings, "data", data, "--data");
        checkLogLevel(terminal, problems);
        Environment environment = new Environment(PREFIX, Set.of(LOG_LEVEL), terminal.environment());
        ConfigResult<Settings> result =
                new ConfigReader<>(Settings.DEFAULTS).read(file(terminal, defaultFile), environment, settings);
        if (problems.isEmpty()) {
            return result;
        }
        if (result instanceof ConfigResult.Bad<Settings> bad) {
            problems.addAll(bad.problems());
        }
        return new ConfigResult.Bad<>(problems);
    }

    boolean dataGiven() {
        return data != null;
    }

    private Optional<Path> file(Terminal terminal, Path defaultFile) {
        if (config != null) {
            return Optional.of(terminal.directory().resolve(config));
        }
        return Optional.of(defaultFile).filter(Files::exists);
    }

    private static void split(String text, List<Setting> settings, List<ConfigProblem> problems) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            problems.add(new ConfigProblem("", "must be KEY=VALUE, not '" + text + "'", "--set"));
        } else {
            String key = text.substring(0, equals);
            settings.add(new Setting(key, text.substring(equals + 1), "--set " + key));
        }
    }

    private static void add(List<Setting> settings, String path, @Nullable String text, String flag) {
        if (text != null) {
            settings.add(new Setting(path, text, flag));
        }
    }

    private static void checkLogLevel(Terminal terminal, List<ConfigProblem> problems) {
        String level = terminal.environment().getOrDefault(LOG_LEVEL, "info");
        if (!LOG_LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
            problems.add(new ConfigProblem(
                    LOG_LEVEL, "must be one of trace, debug, info, warn, error, off, not '" + level + "'", ""));
        }
    }
}
