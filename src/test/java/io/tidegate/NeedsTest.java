package io.tidegate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeedsTest {

    private final Path folder;

    NeedsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aMissingProgramSkipsTheTestAndIsWrittenDown() throws IOException {
        Path report = folder.resolve("target/skipped.txt");
        assertTrue(NeedsCondition.without("redis", "one()", false, report).isDisabled());
        assertTrue(NeedsCondition.without("redis", "two()", false, report).isDisabled());
        assertEquals(List.of("redis: one()", "redis: two()"), Files.readAllLines(report));
    }

    @Test
    void inCiAMissingProgramFailsTheTest() {
        Path report = folder.resolve("skipped.txt");
        assertThrows(IllegalStateException.class, () -> NeedsCondition.without("redis", "one()", true, report));
        assertFalse(Files.exists(report));
    }

    @Test
    void aProgramIsFoundOnThePathByAnyOfItsNames() throws IOException {
        assertEquals(Optional.empty(), Programs.find("chromium", folder.toString()));
        Path other = Files.createFile(folder.resolve("google-chrome"));
        assertEquals(Optional.empty(), Programs.find("chromium", "/nowhere:" + folder));
        assertTrue(other.toFile().setExecutable(true));
        assertEquals(Optional.of(other), Programs.find("chromium", "/nowhere:" + folder));
    }

    @Test
    @Needs("sh")
    void aTestWhoseProgramIsThereRuns() {
        assertTrue(Programs.find("sh").isPresent());
    }
}
