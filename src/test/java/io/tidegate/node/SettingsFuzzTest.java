package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.config.ConfigProblem;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.ConfigResult;
import io.tidegate.config.Environment;
import io.tidegate.config.YamlWriter;
import io.tidegate.fixture.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Tests that any configuration file yields either settings or problems, each with its position. */
class SettingsFuzzTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String FILE = YamlWriter.masked(Settings.DEFAULTS);
    private static Path folder = Path.of("target");

    /** A replacement of one value of the file. */
    private record Change(List<String> path, String text) {}

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("settings");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("a.yaml"));
        Files.delete(folder);
    }

    @Fuzz
    void anyFileIsReadOrItsProblemsAreTold(@ForAll("files") String text) {
        if (settings(text.getBytes(StandardCharsets.UTF_8)) instanceof ConfigResult.Bad<Settings> bad) {
            bad.problems().forEach(SettingsFuzzTest::assertReported);
        }
    }

    @Fuzz
    void anyBytesAreReadOrTheirProblemsAreTold(@ForAll byte[] bytes) {
        if (settings(bytes) instanceof ConfigResult.Bad<Settings> bad) {
            bad.problems().forEach(SettingsFuzzTest::assertReported);
        }
    }

    @Fuzz
    void aProblemStandsAtTheKeyOfAValueThatWasChangedOrAtOneThatItMustFit(@ForAll("changes") Change change)
            throws JsonProcessingException {
        if (settings(written(List.of(change))) instanceof ConfigResult.Bad<Settings> bad) {
            bad.problems().forEach(SettingsFuzzTest::assertReported);
            String section = change.path().get(0);
            assertTrue(
                    bad.problems().stream()
                            .anyMatch(problem -> problem.path().startsWith(section)
                                    || problem.message().contains(section)),
                    () -> change + " is blamed on " + bad.problems());
        }
    }

    @Fuzz
    void settingsThatAreReadAndPrintedAreReadAsTheSame(@ForAll("severalChanges") List<Change> changes)
            throws JsonProcessingException {
        ConfigResult<Settings> reading = settings(written(changes));
        Assume.that(reading instanceof ConfigResult.Ok);
        Settings settings = ((ConfigResult.Ok<Settings>) reading).settings();
        assertEquals(reading, settings(YamlWriter.masked(settings).getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertReported(ConfigProblem problem) {
        assertFalse(problem.message().isBlank(), problem::toString);
        assertFalse(problem.path().isEmpty() && problem.where().isEmpty(), problem::toString);
        assertFalse(problem.message().matches("(?s).*(java|snakeyaml|jackson|Exception).*"), problem::toString);
    }

    private static ConfigResult<Settings> settings(byte[] file) {
        try {
            Path path = Files.write(folder.resolve("a.yaml"), file);
            return new ConfigReader<>(Settings.DEFAULTS)
                    .read(Optional.of(path), new Environment("TIDEGATE_", Set.of(), Map.of()), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file that contains only these values. */
    private static byte[] written(List<Change> changes) throws JsonProcessingException {
        ObjectNode tree = YAML.createObjectNode();
        for (Change change : changes) {
            int last = change.path().size() - 1;
            ObjectNode parent = tree;
            for (String key : change.path().subList(0, last)) {
                parent = parent.withObjectProperty(key);
            }
            parent.set(change.path().get(last), YAML.readTree(change.text()));
        }
        return YAML.writeValueAsBytes(tree);
    }

    @Provide
    Arbitrary<String> files() {
        Arbitrary<String> pieces = Arbitraries.of(
                        "http",
                        "port",
                        "origins",
                        "deploys",
                        "recipes",
                        "data",
                        ": ",
                        ": ",
                        ":",
                        "- ",
                        "\n",
                        "\n  ",
                        "\n    ",
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        "&a ",
                        "*a",
                        "!!int ",
                        "!!binary ",
                        "!x ",
                        "|",
                        ">-",
                        "---\n",
                        "...\n",
                        "%YAML 1.2\n",
                        "#",
                        "? ",
                        "'",
                        "\"",
                        "\\U00110000",
                        "\\x",
                        "\t",
                        "0x",
                        "1__",
                        "-_",
                        "0b",
                        "~",
                        "<<",
                        "1:30",
                        ".inf",
                        "\0",
                        "\u0007",
                        "\uFEFF",
                        "\u0085",
                        "8080",
                        "15s",
                        "a/b")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
        Arbitrary<String> spliced = Combinators.combine(
                        Arbitraries.integers().between(0, FILE.length()),
                        Arbitraries.integers().between(0, 300),
                        pieces)
                .as((start, cut, put) ->
                        FILE.substring(0, start) + put + FILE.substring(Math.min(FILE.length(), start + cut)));
        Arbitrary<String> deep = Combinators.combine(
                        Arbitraries.of("[", "{a: ", "- ", "? "),
                        Arbitraries.integers().between(1, 20_000))
                .as((open, depth) -> "origins: " + open.repeat(depth));
        return Arbitraries.frequencyOf(Tuple.of(10, pieces), Tuple.of(10, spliced), Tuple.of(1, deep))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Change> changes() {
        List<Change> all = new ArrayList<>();
        leaves(new ArrayList<>(), tree(), all);
        return Arbitraries.of(all)
                .flatMap(leaf -> Arbitraries.of(
                                "-1",
                                "0",
                                "1",
                                "9223372036854775807",
                                "9223372036854775808",
                                "1e9",
                                "-7d",
                                "9999999999d",
                                "106751991167d",
                                "1ms",
                                "8388608TiB",
                                "9GiB",
                                "true",
                                "~",
                                "''",
                                "' '",
                                "[]",
                                "[~]",
                                "[[]]",
                                "{}",
                                "{a: b}",
                                "\"\\0\"",
                                "'*'",
                                "http://[",
                                "'/%2f'",
                                "PEM",
                                "none",
                                "a b",
                                "\u00e9",
                                "'['")
                        .map(text -> new Change(leaf.path(), text)))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<List<Change>> severalChanges() {
        List<Change> all = new ArrayList<>();
        leaves(new ArrayList<>(), tree(), all);
        // Secrets are not printed.
        all.removeIf(leaf -> leaf.path().get(leaf.path().size() - 1).endsWith("-key"));
        return Arbitraries.of(all)
                .flatMap(leaf -> like(leaf.text()).map(text -> new Change(leaf.path(), text)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .withoutEdgeCases();
    }

    /** Returns other values that may be valid in place of this one. */
    private static Arbitrary<String> like(String text) {
        if (text.matches("\"?(true|false)\"?")) {
            return Arbitraries.of("true", "false");
        } else if (text.matches("\"?[0-9]+(ms|s|m|h|d)\"?")) {
            return Combinators.combine(Arbitraries.integers().between(1, 2000), Arbitraries.of("ms", "s", "m", "h"))
                    .as((count, unit) -> count + unit);
        } else if (text.matches("\"?[0-9]+([KMG]iB)?\"?")) {
            return Combinators.combine(Arbitraries.integers().between(0, 5000), Arbitraries.of("", "", "KiB", "MiB"))
                    .as((count, unit) -> count + unit);
        } else if (text.startsWith("[")) {
            return Arbitraries.of("[]", "[/a, /b/]", "[10.0.0.0/8]", "['https://a.example']", "['*', '~', 'true']");
        }
        return Arbitraries.strings()
                .withCharRange('a', 'e')
                .withChars(" /.:#'\"-~*&!%@{}[]|>?,0127\u00e9\u2028")
                .ofMinLength(1)
                .ofMaxLength(8)
                .map(TextNode::valueOf)
                .map(TextNode::toString);
    }

    private static JsonNode tree() {
        try {
            return YAML.readTree(FILE);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void leaves(List<String> path, JsonNode node, List<Change> found) {
        if (!node.isObject() || node.isEmpty()) {
            found.add(new Change(List.copyOf(path), node.toString()));
            return;
        }
        node.properties().forEach(child -> {
            path.add(child.getKey());
            leaves(path, child.getValue(), found);
            path.remove(path.size() - 1);
        });
    }
}
