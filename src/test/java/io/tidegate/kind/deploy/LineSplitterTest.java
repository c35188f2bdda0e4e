package io.tidegate.kind.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

    private static final int MAX = LineSplitter.MAX_BYTES;

    private final List<String> lines = new ArrayList<>();
    private final List<String> cut = new ArrayList<>();
    private final LineSplitter splitter = new LineSplitter(this::take);

    @Test
    void lfCrAndCrlfEachEndOneLine() {
        feed("a\nb\rc\r\nd\n\n\r\r\n");
        assertEquals(List.of("a", "b", "c", "d", "", "", ""), lines);
    }

    @Test
    void aCrlfBetweenTwoReadsIsOneLineEnd() {
        feed("a\r");
        assertEquals(List.of("a"), lines, "a line that ends in CR must be emitted before the next byte");
        feed("\nb\n");
        assertEquals(List.of("a", "b"), lines);
    }

    @Test
    void aLineMayComeInPieces() {
        feed("ab");
        feed("cd");
        feed("\n");
        assertEquals(List.of("abcd"), lines);
    }

    @Test
    void theLastLineNeedsNoEnd() {
        feed("a\nb");
        splitter.finish();
        assertEquals(List.of("a", "b"), lines);
    }

    @Test
    void anEndAfterTheLastLineEndIsNoFurtherLine() {
        feed("a\n");
        splitter.finish();
        assertEquals(List.of("a"), lines);
    }

    @Test
    void aLineOfExactlyTheLimitIsWhole() {
        feed("x".repeat(MAX) + "\n");
        assertEquals(List.of("x".repeat(MAX)), lines);
        assertEquals(List.of(), cut);
    }

    @Test
    void aLongerLineIsCutAndTheNextIsNotTouched() {
        feed("x".repeat(MAX + 1) + "\n" + "y".repeat(10 * MAX) + "\nnext\n");
        assertEquals(List.of("x".repeat(MAX), "y".repeat(MAX), "next"), lines);
        assertEquals(2, cut.size());
    }

    @Test
    void aCutFallsBetweenCharacters() {
        for (String character : List.of("é", "€", "😀")) {
            for (int before = 0; before < 4; before++) {
                String line = "a".repeat(before) + character.repeat(MAX);
                feed(line + "\n");
                String kept = lines.get(lines.size() - 1);
                assertTrue(line.startsWith(kept), character);
                int bytes = kept.getBytes(UTF_8).length;
                assertTrue(bytes <= MAX && bytes > MAX - character.getBytes(UTF_8).length, character + " " + bytes);
            }
        }
        assertEquals(12, cut.size());
    }

    @Test
    void bytesThatAreNotUtf8AreReplaced() {
        feed("a\u00ffb\u00c3\n".getBytes(ISO_8859_1));
        assertEquals(List.of("a\ufffdb\ufffd"), lines);
    }

    @Test
    void replacementsCountWithWhatTheyTake() {
        feed("\u00ff".repeat(MAX).concat("\n").getBytes(ISO_8859_1));
        assertEquals(List.of("\ufffd".repeat(MAX / 3)), lines);
        assertEquals(1, cut.size());
    }

    @Test
    void controlCharactersStay() {
        feed("a\0\u001b[31mb\t\n");
        assertEquals(List.of("a\0\u001b[31mb\t"), lines);
    }

    @Test
    void completeTextIsSplitByTheSameRule() {
        LineSplitter.split("", this::take);
        LineSplitter.split("a", this::take);
        LineSplitter.split("b\n", this::take);
        LineSplitter.split("c\r\nd", this::take);
        LineSplitter.split("e\n\n", this::take);
        assertEquals(List.of("", "a", "b", "c", "d", "e", ""), lines);
    }

    private void take(String text, boolean truncated) {
        lines.add(text);
        if (truncated) {
            cut.add(text);
        }
    }

    private void feed(String text) {
        feed(text.getBytes(UTF_8));
    }

    private void feed(byte[] bytes) {
        splitter.feed(bytes, bytes.length);
    }
}
