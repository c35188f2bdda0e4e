package io.tidegate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;

/** A small file system in memory, for as long as a test wants it. */
public final class Tmpfs implements AutoCloseable {

    private final Path folder;

    private Tmpfs(Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a folder that is made for it; where mounting is not permitted, the test is skipped. */
    public static Tmpfs mount(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        boolean mounted =
                Programs.find("mount").isPresent() && run("mount", "-t", "tmpfs", "-o", "size=" + size, "none", folder);
        Assumptions.assumeTrue(mounted, "mounting is not permitted here");
        return new Tmpfs(folder);
    }

    public Path folder() {
        return folder;
    }

    public void readOnly() throws IOException {
        if (!run("mount", "-o", "remount,ro", folder)) {
            throw new AssertionError("cannot be mounted again");
        }
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", folder);
    }

    private static boolean run(Object... command) throws IOException {
        String[] words = java.util.Arrays.stream(command).map(Object::toString).toArray(String[]::new);
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.onExit().get(20, TimeUnit.SECONDS).exitValue() == 0;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", words), e);
        }
    }
}
