package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.proxy.origin.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the series of the gateway's own metrics, on which dashboards and alerts depend. */
class MetricSeriesTest {

    private static final Path EXPECTED = Path.of("src/test/resources/metrics.txt");
    private static final Pattern OTHERS = Pattern.compile("^(# (HELP|TYPE) )?(jvm|process|system|vertx|netty)_.*");

    @Test
    void allOfThemExistFromTheStartWithTheirNamesLabelsAndHelpTexts(@TempDir Path data) throws Exception {
        List<Origin> origins = List.of(new Origin("/shop", URI.create("http://127.0.0.1:1")));
        try (TestNode node =
                TestNode.start(TestSettings.in(data).origins(origins).build())) {
            assertEquals(expected(), series(node.management("/metrics").body()));
        }
    }

    private static String expected() throws IOException {
        return Files.readString(EXPECTED).strip();
    }

    /** Removes values and the metrics of libraries from a scrape. */
    private static String series(String scraped) {
        return String.join(
                "\n",
                scraped.lines()
                        .filter(line -> !OTHERS.matcher(line).matches())
                        .map(line -> line.startsWith("#") ? line : line.replaceFirst(" [^ ]+$", ""))
                        .toList());
    }
}
