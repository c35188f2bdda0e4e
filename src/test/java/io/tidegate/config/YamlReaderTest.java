package io.tidegate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    private final List<ConfigProblem> problems = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: "})
    void aFileThatIsNestedWithoutEndIsRefusedAsThat(String open) {
        assertEquals(Map.of(), read("origins: " + open.repeat(20_000)).children());
        assertEquals(
                List.of(new ConfigProblem(
                        "", "is nested too deeply, or has a name or value that is too long", "a.yaml")),
                problems);
    }

    @Test
    void anEscapeOfWhatIsNoCharacterIsRefusedAsThat() {
        assertEquals(Map.of(), read("data: \"\\U00110000\"").children());
        assertEquals(
                List.of(new ConfigProblem(
                        "", "is not valid YAML: an escape sequence must denote a character", "a.yaml")),
                problems);
    }

    private ConfigNode.Branch read(String text) {
        return new YamlReader("a.yaml", problems).read(text);
    }
}
