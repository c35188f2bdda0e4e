package io.tidegate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A small file system in memory, for as long as a test wants it. */
public final class Tmpfs implements AutoCloseable {

    private final Path folder;

    private Tmpfs(Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a folder that is made for it; where mounting is not permitted, the test is skipped. */
    public static Tmpfs mount(Path folder, String size) throws Exception {
        Files.createDirectories(folder);
        boolean mounted =
                Programs.find("mount").isPresent() && run("mount", "-t", "tmpfs", "-o", "size=" + size, "none", folder);
        Assumptions.assumeTrue(mounted, "mounting is not permitted here");
        return new Tmpfs(folder);
    }

    public void readOnly() throws Exception {
        if (!run("mount", "-o", "remount,ro", folder)) {
            throw new AssertionError("cannot be mounted again");
        }
    }

    @Override
    public void close() throws Exception {
        run("umount", "-l", folder);
    }

    private static boolean run(Object... command) throws Exception {
        String[] words = java.util.Arrays.stream(command).map(Object::toString).toArray(String[]::new);
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
