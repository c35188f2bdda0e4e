package io.tidegate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinksTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
    private static final Pattern STOP = Pattern.compile("(?m)^(\\d+)\\. (\\[\\S+]\\(\\S+\\))?");
    private static final Path CONTRIBUTING = Path.of(".github/CONTRIBUTING.md");

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
        for (String folder : List.of(".github", "src/docs")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }

    /** Returns the anchors that Git hosts derive from the headings of a document. */
    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        Matcher heading = HEADING.matcher(Files.readString(document));
        while (heading.find()) {
            anchors.add(heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\w\\- ]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    @Test
    void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (link.group(1).matches("[a-z]+:.*")) {
                    continue;
                }
                Path target = link.group(1).isEmpty()
                        ? document
                        : document.resolveSibling(link.group(1)).normalize();
                boolean found = Files.exists(target)
                        && (link.group(2) == null
                                || !target.toString().endsWith(".md")
                                || anchors(target).contains(link.group(2)));
                if (!found) {
                    broken.add(document + ": " + link.group());
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void theWalkThroughTheCodeHasAtMostFifteenStopsEachOfThemALink() throws IOException {
        String text = Files.readString(CONTRIBUTING);
        String walk = text.substring(text.indexOf("\n## A walk"), text.indexOf("\n## Where to add"));
        Matcher stop = STOP.matcher(walk);
        int stops = 0;
        while (stop.find()) {
            stops++;
            assertEquals(stops, Integer.parseInt(stop.group(1)));
            assertTrue(stop.group(2) != null, "stop " + stops + " must begin with a link");
        }
        assertTrue(stops > 1 && stops <= 15, stops + " stops");
    }
}
