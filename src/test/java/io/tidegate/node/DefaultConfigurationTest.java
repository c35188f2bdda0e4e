package io.tidegate.node;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.ConfigResult;
import io.tidegate.config.Environment;
import io.tidegate.config.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that {@code conf/tidegate.yaml} agrees with the code. */
class DefaultConfigurationTest {

    private static final Path FILE = Path.of("conf/tidegate.yaml");

    @Test
    void theFileSpellsEveryDefaultInTheOrderOfTheCodeAndNothingElse() throws IOException {
        assertEquals(canonical(YamlWriter.masked(Settings.DEFAULTS)), canonical(Files.readString(FILE)));
    }

    @Test
    void theFileReadsAsTheDefaults() {
        assertEquals(new ConfigResult.Ok<>(Settings.DEFAULTS), read(Optional.of(FILE)));
    }

    @Test
    void withoutAFileTheDefaultsStand() {
        assertEquals(new ConfigResult.Ok<>(Settings.DEFAULTS), read(Optional.empty()));
    }

    @Test
    void everyKeyHasACommentAboveIt() throws IOException {
        List<String> bare = new ArrayList<>();
        String previous = "";
        for (String line : Files.readAllLines(FILE)) {
            boolean key = line.matches(" *[a-z-]+:.*");
            if (key && !previous.strip().startsWith("#")) {
                bare.add(line);
            }
            previous = line;
        }
        assertEquals(List.of(), bare);
    }

    @Test
    void theFileTellsWhatCountsWithoutARestart() throws IOException {
        String comment = Files.readString(FILE)
                .lines()
                .takeWhile(line -> line.startsWith("#"))
                .collect(joining(" "));
        Pattern list = Pattern.compile("count at once: (.*)\\. All other");
        Matcher found = list.matcher(comment.replace(" # ", " "));
        assertTrue(found.find(), comment);
        List<String> live = new ArrayList<>(
                List.of(found.group(1).replaceAll(" \\([^)]*\\)", "").split(", ")));
        assertEquals(Set.copyOf(Reload.LIVE), Set.copyOf(live));
        assertEquals(List.of("streams.send-buffer"), Reload.FIXED);
    }

    private static String canonical(String yaml) throws JsonProcessingException {
        return new YAMLMapper().readTree(yaml).toPrettyString();
    }

    private static ConfigResult<Settings> read(Optional<Path> file) {
        return new ConfigReader<>(Settings.DEFAULTS)
                .read(file, new Environment("TIDEGATE_", Set.of(), Map.of()), List.of());
    }
}
