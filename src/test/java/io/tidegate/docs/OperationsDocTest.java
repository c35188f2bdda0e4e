package io.tidegate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.proxy.origin.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that {@code src/docs/operations.md} agrees with the code. */
class OperationsDocTest {

    private static final Path FILE = Path.of("src/docs/operations.md");
    private static final Path CONFIGURATION = Path.of("conf/tidegate.yaml");
    private static final String CATEGORIES = "Metrics of Vert.x";
    private static final Pattern CATEGORY =
            Pattern.compile("^\\| `([a-z-]+)` \\| (on|off) \\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern METRIC = Pattern.compile("`((?:vertx|netty)_[a-z_]+)`");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE);
    private static final Pattern LIMIT =
            Pattern.compile("^\\| [^|]+ \\| `([a-z.-]+)` \\| [^|]+ \\| ([^|]+) \\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("^# TYPE ([a-z0-9_]+) ", Pattern.MULTILINE);

    @Test
    void theTableOfMetricsHasAllOfOursAndNoOther(@TempDir Path data) throws Exception {
        Set<String> ours = scraped(data).stream()
                .filter(name -> !name.matches("(jvm|process|system|vertx|netty)_.*|.*_max"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ours, rows("Metrics"));
    }

    @Test
    void theOthersThatItNamesAreScrapedToo(@TempDir Path data) throws Exception {
        Set<String> named = new TreeSet<>();
        Pattern.compile("`((jvm|process)_[a-z0-9_]+)`")
                .matcher(section("Metrics"))
                .results()
                .forEach(name -> named.add(name.group(1)));
        Set<String> scraped = scraped(data);
        named.removeIf(name -> name.startsWith("jvm_gc_")); // these metrics are registered at the first collection
        List<String> missing = new ArrayList<>(named);
        missing.removeAll(scraped);
        assertEquals(List.of(), missing);
    }

    @Test
    void theTableOfCategoriesOfVertxHasAllWithTheirDefaults() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        JsonNode defaults = yaml.readTree(Files.readString(CONFIGURATION)).at("/metrics/vertx");
        Map<String, Boolean> expected = new TreeMap<>();
        defaults.fieldNames()
                .forEachRemaining(name -> expected.put(name, defaults.get(name).booleanValue()));
        Map<String, Boolean> rows = new TreeMap<>();
        CATEGORY.matcher(section(CATEGORIES))
                .results()
                .forEach(row -> rows.put(row.group(1), row.group(2).equals("on")));
        assertEquals(expected, rows);
    }

    @Test
    void theMetricsOfCategoriesThatAreOnAreScraped(@TempDir Path data) throws Exception {
        Set<String> missing = new TreeSet<>();
        CATEGORY.matcher(section(CATEGORIES))
                .results()
                .filter(row -> row.group(2).equals("on"))
                .forEach(row -> missing.addAll(all(METRIC, row.group(3))));
        assertTrue(missing.size() > 5, missing.toString());
        String scraped = String.join(" ", scraped(data));
        missing.removeIf(name -> scraped.contains(name.replaceFirst("_total$", "")));
        assertEquals(Set.of(), missing);
    }

    @Test
    void theTableOfSectionsIsThatOfTheFile() throws IOException {
        Set<String> sections = new TreeSet<>();
        new YAMLMapper().readTree(Files.readString(CONFIGURATION)).fieldNames().forEachRemaining(sections::add);
        assertEquals(sections, rows("Configuration"));
    }

    @Test
    void theTableOfTimeoutsHasEveryLimitOfAConnectionAndTheDefaultsOfTheFile() throws IOException {
        JsonNode defaults = new YAMLMapper().readTree(Files.readString(CONFIGURATION));
        Set<String> missing = new TreeSet<>();
        defaults.at("/http/limits").fieldNames().forEachRemaining(name -> missing.add("http.limits." + name));
        LIMIT.matcher(section("Timeouts and bounds")).results().forEach(row -> {
            missing.remove(row.group(1));
            JsonNode value = defaults.at("/" + row.group(1).replace('.', '/'));
            assertEquals(value.asText(), row.group(2), row.group(1));
        });
        assertEquals(Set.of(), missing);
    }

    private static Set<String> scraped(Path data) throws Exception {
        List<Origin> origins = List.of(new Origin("/shop", URI.create("http://127.0.0.1:1")));
        try (TestNode node =
                TestNode.start(TestSettings.in(data).origins(origins).build())) {
            return all(NAME, node.management("/metrics").body());
        }
    }

    private static Set<String> rows(String section) throws IOException {
        return all(ROW, section(section));
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String section(String title) throws IOException {
        String text = Files.readString(FILE);
        int start = text.indexOf("\n## " + title + "\n");
        return text.substring(start, text.indexOf("\n## ", start + 1));
    }
}
