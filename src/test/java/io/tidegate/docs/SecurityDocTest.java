package io.tidegate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that every test named in {@code .github/SECURITY.md} exists. */
class SecurityDocTest {

    @Test
    void everyTestThatItNamesIsThere() throws IOException {
        Set<String> named = new TreeSet<>();
        Pattern.compile("`([A-Za-z/]+Test)`")
                .matcher(Files.readString(Path.of(".github/SECURITY.md")))
                .results()
                .forEach(name -> named.add(name.group(1)));
        assertTrue(named.size() > 20, named::toString);
        try (Stream<Path> files = Files.walk(Path.of("src/test/java/io/tidegate"))) {
            files.map(Path::toString).forEach(file -> named.removeIf(name -> file.endsWith('/' + name + ".java")));
        }
        assertEquals(Set.of(), named);
    }
}
