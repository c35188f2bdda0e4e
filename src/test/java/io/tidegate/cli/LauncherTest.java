package io.tidegate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Processes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the launcher script next to a jar whose manifest refers to the classes under test. */
@Timeout(120)
class LauncherTest {

    private record Run(int code, String out, String err) {}

    private final Path folder;
    private final Path launcher;

    LauncherTest(@TempDir Path folder) {
        this.folder = folder;
        this.launcher = folder.resolve("tidegate");
    }

    @BeforeEach
    void install() throws IOException {
        Files.copy(Path.of("src/main/launcher/tidegate"), launcher);
        Files.copy(Path.of("conf/jvm.options"), folder.resolve("jvm.options"));
        assertTrue(launcher.toFile().setExecutable(true));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Name.MAIN_CLASS, Main.class.getName());
        manifest.getMainAttributes()
                .put(
                        Name.CLASS_PATH,
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(folder.resolve("tidegate.jar")), manifest).close();
    }

    @Test
    void itPassesItsArgumentsOnAndSaysNothingOfItsOwn() throws Exception {
        assertEquals(new Run(0, "ok\n", ""), run(launcher, "check-config", "--set", "http.port=8081"));
    }

    @Test
    void itFindsItsFilesByALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("elsewhere"), launcher);
        assertEquals(new Run(0, "ok\n", ""), run(link, "check-config"));
    }

    @Test
    void anArchiveThatDoesNotFitIsIgnoredWithoutAWord() throws Exception {
        for (String archive : new String[] {"tidegate.jsa", "tidegate.aot"}) {
            Files.writeString(folder.resolve(archive), "no archive");
            assertEquals(new Run(0, "ok\n", ""), run(launcher, "check-config"), archive);
        }
    }

    @Test
    void theRehearsalStartsAnswersAndEndsByItself() throws Exception {
        Run rehearsal = run(launcher, "rehearse");
        assertEquals(0, rehearsal.code(), rehearsal.err());
        assertTrue(rehearsal.out().contains("Tidegate runs at http://127.0.0.1:"), rehearsal.out());
    }

    private Run run(Path command, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = Processes.builder(words).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Path err = folder.resolve("err");
        Process process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), out, Files.readString(err));
    }
}
