package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingDirectoryTest {

    private final Path parent;

    WorkingDirectoryTest(@TempDir Path parent) {
        this.parent = parent;
    }

    @Test
    void itIsOpenToItsOwnerAlone() throws IOException {
        WorkingDirectory directory = WorkingDirectory.of(parent.resolve("deploys"), "d1");
        directory.create();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
        assertTrue(directory.path().isAbsolute());
    }

    @Test
    void whatIsThereAlreadyIsNotTaken() throws IOException {
        WorkingDirectory directory = WorkingDirectory.of(parent, "d1");
        directory.create();
        assertThrows(IOException.class, directory::create);
    }

    @Test
    void itNeverLiesOutsideItsParent() {
        assertThrows(IllegalArgumentException.class, () -> WorkingDirectory.of(parent, "../d1"));
        assertThrows(IllegalArgumentException.class, () -> WorkingDirectory.of(parent, ".."));
    }

    @Test
    void removalFollowsNoLink() throws IOException {
        Path outside = Files.createDirectory(parent.resolve("outside"));
        Path precious = Files.writeString(outside.resolve("precious"), "kept");
        WorkingDirectory directory = WorkingDirectory.of(parent, "d1");
        directory.create();
        Files.createSymbolicLink(directory.path().resolve("folder"), outside);
        Files.createSymbolicLink(directory.path().resolve("file"), precious);
        Files.createSymbolicLink(directory.path().resolve("nowhere"), parent.resolve("absent"));
        directory.remove();
        assertFalse(Files.exists(directory.path()));
        assertEquals("kept", Files.readString(precious));
    }

    @Test
    void aLinkInThePlaceOfTheFolderIsLeftAlone() throws IOException {
        Path outside = Files.createDirectory(parent.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "kept");
        Files.createSymbolicLink(parent.resolve("d1"), outside);
        WorkingDirectory.of(parent, "d1").remove();
        assertEquals("kept", Files.readString(outside.resolve("precious")));
    }

    @Test
    void aFolderMadeReadOnlyGoesToo() throws IOException {
        WorkingDirectory directory = WorkingDirectory.of(parent, "d1");
        directory.create();
        Path inner = Files.createDirectories(directory.path().resolve("a/b"));
        Files.writeString(inner.resolve("file"), "x");
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("r-x------"));
        directory.remove();
        assertFalse(Files.exists(directory.path()));
    }

    @Test
    void removingWhatIsNotThereIsNothing() {
        WorkingDirectory directory = WorkingDirectory.of(parent, "d1");
        directory.remove();
        assertFalse(Files.exists(directory.path()));
    }
}
