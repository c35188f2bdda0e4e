package io.tidegate.auth.token;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.tidegate.auth.jose.KeyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the file that holds the HS256 key. The key is the raw content of the file, which must be at least 32 bytes long
 * (<a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.2">RFC 7518, 3.2</a>). Blocks on disk I/O, so it is used
 * only at startup and by commands.
 */
final class KeyFile {

    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final int MIN_BYTES = 32;
    private static final int MAX_BYTES = 4096;
    private static final FileAttribute<?> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyFile() {}

    /**
     * Reads the key. Creates the file with a random key first if it does not exist.
     *
     * @throws KeyException if the file cannot be created or read, is accessible to others, or does not contain a key
     */
    static byte[] open(Path file) {
        try {
            if (Files.notExists(file)) {
                create(file);
            }
            return read(file);
        } catch (IOException | UnsupportedOperationException failure) {
            throw new KeyException("the key file " + file + " cannot be used: " + failure, failure);
        }
    }

    /**
     * Refuses a file that can be read or changed by users other than its owner.
     *
     * @throws KeyException if the file is accessible to others; the caller must prepend the file name to the message
     */
    static void refuseOpen(Path file) throws IOException {
        Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(open)) {
            throw new KeyException(
                    "is open to others (" + PosixFilePermissions.toString(open)
                            + "); only its owner may read it: chmod 600 " + file,
                    null);
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            refuseOpen(file);
        } catch (KeyException open) {
            throw new KeyException("the key file " + file + ' ' + open.getMessage(), null);
        }
        byte[] key;
        try (InputStream in = Files.newInputStream(file)) {
            key = in.readNBytes(MAX_BYTES + 1);
        }
        if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
            throw new KeyException(
                    "the key file " + file + " is not a key: it must have " + MIN_BYTES + " to " + MAX_BYTES
                            + " random bytes",
                    null);
        }
        return key;
    }

    /**
     * Writes the key to a temporary file and then creates a hard link with the final name. No process can read an
     * incomplete key, and two processes that start together both use the key that was linked first; a rename would
     * replace it.
     */
    private static void create(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "the key file has no parent folder");
        Files.createDirectories(folder, OWNER_FOLDER);
        Path draft = folder.resolve(file.getFileName() + "." + suffix());
        try {
            write(draft);
            Files.createLink(file, draft);
            LOG.info("event=key-created file={}", file);
        } catch (FileAlreadyExistsException another) {
            LOG.debug("event=key-created-by-another file={}", file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void write(Path draft) throws IOException {
        byte[] key = new byte[MIN_BYTES];
        RANDOM.nextBytes(key);
        try (FileChannel out = FileChannel.open(draft, EnumSet.of(CREATE_NEW, WRITE), OWNER_FILE)) {
            ByteBuffer rest = ByteBuffer.wrap(key);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    private static String suffix() {
        byte[] random = new byte[9];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().encodeToString(random);
    }
}
