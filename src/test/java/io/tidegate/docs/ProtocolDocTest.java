package io.tidegate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.problem.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that {@code src/docs/protocol.md} agrees with the code. */
class ProtocolDocTest {

    private static final Path FILE = Path.of("src/docs/protocol.md");
    private static final Pattern CODE_ROW = Pattern.compile("^\\| `([a-z-]+)` \\| (\\d{3}) \\|", Pattern.MULTILINE);

    @Test
    void theTableOfProblemsHasEveryCodeWithItsStatusAndNoOther() throws IOException {
        List<String> documented = CODE_ROW.matcher(section("Problems"))
                .results()
                .map(row -> row.group(1) + ' ' + row.group(2))
                .sorted()
                .toList();
        List<String> codes = Arrays.stream(Code.values())
                .map(code -> code.text() + ' ' + code.status())
                .sorted()
                .toList();
        assertEquals(codes, documented);
    }

    @Test
    void theTableOfContentsNamesEverySection() throws IOException {
        String text = Files.readString(FILE);
        List<String> sections = Pattern.compile("^## (.*)", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(heading -> heading.group(1))
                .toList();
        List<String> contents = Pattern.compile("^- \\[(.*)]\\(#", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(entry -> entry.group(1))
                .toList();
        assertEquals(sections, contents);
    }

    private static String section(String title) throws IOException {
        String text = Files.readString(FILE);
        int start = text.indexOf("\n## " + title + "\n");
        int end = text.indexOf("\n## ", start + 1);
        return text.substring(start, end < 0 ? text.length() : end);
    }
}
