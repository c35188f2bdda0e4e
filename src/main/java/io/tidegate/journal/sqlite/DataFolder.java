package io.tidegate.journal.sqlite;

import io.tidegate.journal.JournalException;
import io.tidegate.problem.Code;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The data folder of one node. While it is open, it is locked against other processes. */
final class DataFolder implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final String DATABASE = "journal.db";
    private static final String HEAD_FILE = "journal.head";

    private final Path folder;
    private final FileChannel lock;

    private DataFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Creates the folder if it does not exist, and locks it.
     *
     * @throws JournalException if the folder cannot be used or is already in use; the message contains the folder
     */
    static DataFolder open(Path folder) {
        try {
            Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
            FileChannel channel = lock(folder);
            try {
                create(folder.resolve(DATABASE));
                create(folder.resolve(HEAD_FILE));
                return new DataFolder(folder, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException(
                    Code.STORAGE_UNAVAILABLE, "the data folder " + folder + " cannot be used: " + reason(e), e);
        }
    }

    /**
     * Returns the database file. Only its owner may read the file, and SQLite gives the files next to it the same
     * permissions.
     */
    Path database() {
        return folder.resolve(DATABASE);
    }

    /** Returns the path of the {@link HeadFile}. */
    Path headFile() {
        return folder.resolve(HEAD_FILE);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        create(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new JournalException(
                    Code.STORAGE_UNAVAILABLE, "the data folder " + folder + " is in use by another process");
        }
        return channel;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, ownerOnly(file, "rw-------"));
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isRegularFile(file)) {
                throw exists;
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? "" : " " + e.getMessage();
        return e.getClass().getSimpleName() + message;
    }
}
