package io.tidegate.kind.deploy;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The working directory of a run, accessible only to the gateway's user. Its methods block.
 *
 * @param path the absolute path
 */
record WorkingDirectory(Path path) {

    private static final Logger LOG = LoggerFactory.getLogger(WorkingDirectory.class);
    /** The time limit for the removal, which is needed because a run may leave any number of files. */
    private static final Duration MAX_REMOVAL = Duration.ofSeconds(5);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    static WorkingDirectory of(Path parent, String id) {
        if (!Deploy.isId(id)) {
            throw new IllegalArgumentException("id must be a valid deploy id");
        }
        return new WorkingDirectory(parent.toAbsolutePath().normalize().resolve(id));
    }

    /** Creates the directory. Fails if the path already exists, because it then belongs to another run. */
    void create() throws IOException {
        Files.createDirectories(path.getParent());
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    /**
     * Removes the directory and its content without following symbolic links. Files that cannot be removed are left
     * behind.
     */
    void remove() {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(path, new Removal(System.nanoTime() + MAX_REMOVAL.toNanos()));
        } catch (IOException e) {
            LOG.warn("event=deploy-directory-left deploy={} error={}", path.getFileName(), e.toString());
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            LOG.warn("event=deploy-directory-left deploy={}", path.getFileName());
        }
    }

    /**
     * Deletes each file, and each directory after its content. Neither this visitor nor the walk follows symbolic
     * links.
     */
    private static final class Removal extends SimpleFileVisitor<Path> {

        private final long deadline;

        Removal(long deadline) {
            this.deadline = deadline;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            // Some tools leave read-only directories, whose content cannot be deleted.
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
            return next();
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return next();
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return next();
        }

        private FileVisitResult next() {
            return System.nanoTime() - deadline < 0 ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }
    }
}
