package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.http.TargetCheck.Selected;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the check with the interpretations of programs that decode the admitted targets differently. */
class TargetCheckTest {

    private static final List<String> PARTS = List.of(
            "/",
            "/",
            "/",
            "a",
            "shop",
            "shop",
            "login",
            "own",
            ".",
            "..",
            "%2e",
            "%252e",
            "%2f",
            "%252F",
            "%5c",
            "\\",
            "//",
            ";",
            ";a=b",
            "%3b",
            "%253b",
            "%c0%af",
            "%c0%ae",
            "%e0%80%af",
            "%20",
            "%73hop",
            "%2573hop",
            "~",
            "%c3%a9");

    private static final TargetCheck CHECK = new TargetCheck(
            path -> new Selected(below("/shop", path) ? "/shop" : "/", below("/own", path) ? "/own" : "", rate(path)));

    private static boolean below(String prefix, String path) {
        return path.equals(prefix) || path.startsWith(prefix + '/');
    }

    private static String rate(String path) {
        return below("/login", path) ? "/login" : "";
    }

    @Test
    void everyProgramFindsTheSamePrefixInAPathThatPasses() {
        Random random = new Random(11);
        int passed = 0;
        for (int i = 0; i < 60_000; i++) {
            StringBuilder made = new StringBuilder("/");
            for (int parts = random.nextInt(7); parts >= 0; parts--) {
                made.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            String target = made.toString();
            if (CHECK.refusal(target).isEmpty()) {
                passed++;
                for (String prefix : List.of("/shop", "/login", "/own")) {
                    boolean selected = below(prefix, PathReadings.equivalent(target));
                    for (UnaryOperator<String> program : PROGRAMS) {
                        assertEquals(selected, below(prefix, program.apply(target)), () -> prefix + " in " + target);
                    }
                }
            }
        }
        assertTrue(passed > 10_000, "few targets passed: " + passed);
    }

    private static final List<UnaryOperator<String>> PROGRAMS = List.of(
            path -> resolved(path),
            path -> resolved(decoded(path)),
            path -> resolved(decoded(decoded(path))),
            path -> decoded(resolved(path)),
            path -> decoded(resolved(decoded(path))),
            path -> resolved(decoded(path).replace('\\', '/')),
            path -> resolved(path.replaceAll(";[^/]*", "")),
            path -> resolved(decoded(path.replaceAll(";[^/]*", ""))),
            path -> resolved(decoded(path).replaceAll(";[^/]*", "")),
            path -> decoded(path).replaceAll("//+", "/"),
            path -> resolved(decoded(path).replace("\u00c0\u00af", "/").replace("\u00c0\u00ae", ".")));

    /** Resolves dot segments and merges slashes as the file system does. */
    private static String resolved(String path) {
        return Path.of(path).normalize().toString();
    }

    private static String decoded(String text) {
        return Pattern.compile("%[0-9A-Fa-f]{2}")
                .matcher(text)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(URLDecoder.decode(escape.group(), StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aPathThatNoOriginCoversMustBePlain() {
        TargetCheck alone = new TargetCheck(path -> new Selected("", "", ""));
        assertEquals(Optional.empty(), alone.refusal("/a%20b/c;d?x=//"));
        assertEquals(Optional.of("the path must be in plain form"), alone.refusal("/a//b"));
        assertEquals(Optional.of("the path must be in plain form"), alone.refusal("/a%2Fb"));
    }
}
