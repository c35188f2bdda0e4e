package io.tidegate.fault;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Provides JVM flags that halve the startup time of the gateway, which dominates each round of kill and restart. They
 * make the JVM map the classes from an archive. Only classes from jars can be archived, so the classes are packed into
 * a jar. The archive is created once, by a separate start.
 */
final class FastStart {

    private static final Path FOLDER = Path.of("target", "faults").toAbsolutePath();
    private static final List<String> FLAGS = make();

    private FastStart() {}

    /** Returns the class path and, if this JVM could create the archive, the flags to use it. */
    static List<String> flags() {
        return FLAGS;
    }

    private static List<String> make() {
        try {
            Files.createDirectories(FOLDER);
            String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(Path::of)
                    .filter(entry -> !Files.isDirectory(entry) || isMain(entry))
                    .map(entry -> Files.isDirectory(entry) ? jar(entry) : entry.toAbsolutePath())
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
            Path archive = FOLDER.resolve("start.jsa");
            Files.deleteIfExists(archive);
            archive(classPath, archive);
            return Files.exists(archive)
                    ? List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-cp", classPath)
                    : List.of("-cp", classPath);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static boolean isMain(Path folder) {
        return Files.exists(folder.resolve("io/tidegate/cli/Main.class"));
    }

    private static Path jar(Path classes) {
        Path jar = FOLDER.resolve("classes.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return jar;
    }

    private static void archive(String classPath, Path archive) throws IOException {
        Path folder = Files.createTempDirectory(FOLDER, "start");
        NodeProcess once =
                new NodeProcess(folder).with(List.of("-XX:ArchiveClassesAtExit=" + archive, "-cp", classPath));
        try (once) {
            once.start();
            once.signal("TERM");
            once.exited().get(60, TimeUnit.SECONDS);
        } catch (Exception without) {
            Files.deleteIfExists(archive);
        }
    }
}
