package io.tidegate.cli;

import io.tidegate.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A temporary folder for one run, which keeps the run separate from other gateways on the machine. {@link #close}
 * deletes the folder and its content.
 */
final class Scratch implements AutoCloseable {

    private final Path folder;
    private final String source;

    /**
     * Creates the folder.
     *
     * @param source the name that messages give as the source of the settings; it also becomes part of the folder's
     *     name
     */
    Scratch(String source) throws IOException {
        this.folder = Files.createTempDirectory("tidegate-" + source);
        this.source = source;
    }

    /** Returns the folder, which only its owner can read. */
    Path folder() {
        return folder;
    }

    /** Returns settings for free ports and for a data folder inside this folder. */
    Setting[] settings() {
        return new Setting[] {
            new Setting("http.port", "0", source),
            new Setting("management.port", "0", source),
            new Setting("data", folder.resolve("data").toString(), source)
        };
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(Scratch::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
