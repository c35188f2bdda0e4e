package io.tidegate.edge.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Reveals, without reading the contents, whether the files of a certificate may have changed. A stamp is null if the
 * attributes of its file cannot be read.
 */
record FileStamps(@Nullable Stamp chain, @Nullable Stamp key) {

    /**
     * The attributes of one file.
     *
     * @param file the key that identifies the file on disk, because another file of this name may have the same time
     *     and size
     */
    private record Stamp(long modified, long size, @Nullable Object file) {}

    /** Reads the attributes of both files. Blocks. */
    static FileStamps of(TlsOptions options) {
        return new FileStamps(stamp(options.certificateFile()), stamp(options.keyFile()));
    }

    private static @Nullable Stamp stamp(String file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
        } catch (IOException unreadable) {
            return null;
        }
    }
}
