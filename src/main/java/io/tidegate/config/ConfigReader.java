package io.tidegate.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a record from several layers: the default values, the file, the environment and the flags. Later layers
 * override earlier ones. A key is the name of a record component in lower case, with hyphens between words. The
 * environment and the flags can set any scalar value; lists can be set only in the file.
 */
public final class ConfigReader<T extends Record> {

    private final T defaults;

    public ConfigReader(T defaults) {
        this.defaults = defaults;
    }

    /**
     * Reads all layers.
     *
     * @param file the YAML file; if empty, the defaults apply
     * @param flags the settings given by flags; later ones override earlier ones
     */
    public ConfigResult<T> read(Optional<Path> file, Environment environment, List<Setting> flags) {
        List<ConfigProblem> problems = new ArrayList<>();
        ConfigNode.Branch written =
                file.map(path -> parse(path, problems)).orElse(new ConfigNode.Branch(Map.of(), "", false));
        Map<String, List<String>> paths = settable(written);
        List<Setting> settings = new ArrayList<>(environment.settings(paths.keySet(), problems));
        settings.addAll(flags);
        T bound = new Binder(problems).bind(defaults, overlay(written, settings, paths, problems));
        return problems.isEmpty() ? new ConfigResult.Ok<>(bound) : new ConfigResult.Bad<>(problems);
    }

    /**
     * Returns the paths that variables and flags can set, keyed by their dotted form: the default keys and the map
     * entries that the file adds.
     */
    private Map<String, List<String>> settable(ConfigNode.Branch written) {
        List<ConfigProblem> reportedLater = new ArrayList<>();
        return Tree.of(new Binder(reportedLater).bind(defaults, written)).leaves();
    }

    private static ConfigNode.Branch overlay(
            ConfigNode.Branch written,
            List<Setting> settings,
            Map<String, List<String>> paths,
            List<ConfigProblem> problems) {
        ConfigNode.Branch tree = written;
        for (Setting setting : settings) {
            List<String> path = paths.get(setting.path());
            if (path == null) {
                String hint = Names.hint(setting.path(), paths.keySet());
                problems.add(new ConfigProblem(setting.path(), "is not a known key" + hint, setting.where()));
            } else {
                tree = tree.with(path, new ConfigNode.Scalar(setting.text(), setting.where()));
            }
        }
        return tree;
    }

    private static ConfigNode.Branch parse(Path file, List<ConfigProblem> problems) {
        try {
            return new YamlReader(file.toString(), problems).read(Files.readString(file));
        } catch (NoSuchFileException missing) {
            problems.add(new ConfigProblem("", "the file does not exist", file.toString()));
        } catch (CharacterCodingException notUtf8) {
            problems.add(new ConfigProblem("", "must be UTF-8", file.toString()));
        } catch (IOException unreadable) {
            problems.add(new ConfigProblem("", "the file cannot be read", file.toString()));
        }
        return new ConfigNode.Branch(Map.of(), file.toString(), false);
    }
}
