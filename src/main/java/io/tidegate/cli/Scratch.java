package io.tidegate.cli;

import io.tidegate.config.source.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for one run beside whatever else runs here; gone, with all that is in it, when closed. */
final class Scratch implements AutoCloseable {

    private final Path folder;
    private final String source;

    /** @param source what the settings are said to come from */
    Scratch(String source) throws IOException {
        this.folder = Files.createTempDirectory("tidegate-" + source);
        this.source = source;
    }

    /** Readable by its owner alone. */
    Path folder() {
        return folder;
    }

    /** Free ports, and a data folder in this one. */
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
