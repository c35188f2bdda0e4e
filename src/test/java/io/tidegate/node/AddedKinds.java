package io.tidegate.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tidegate.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** Compiles the gateway's {@code Kind} with more constants into a folder that is put first on the class path. */
final class AddedKinds {

    private static final Path SOURCE = Path.of("src/main/java/io/tidegate/event/Kind.java");
    private static final String LAST = "\n    OTHER;\n";

    private final Path folder;

    private AddedKinds(Path folder) {
        this.folder = folder;
    }

    /**
     * Compiles the enum with additional constants.
     *
     * @param constants the source of the constants, each followed by a comma
     */
    static AddedKinds compile(Path folder, String constants) throws IOException {
        String source = Files.readString(SOURCE);
        String more = source.replace(LAST, "\n" + constants + LAST);
        assertNotEquals(source, more);
        Path file = Files.writeString(
                Files.createDirectories(folder.resolve("source")).resolve("Kind.java"), more);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        said,
                        said,
                        "-proc:none",
                        "-nowarn",
                        "-encoding",
                        "UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertEquals(0, result, said.toString(UTF_8));
        return new AddedKinds(classes);
    }

    /** Returns a shell snippet that puts the folder first on the class path of a java command in its arguments. */
    String shell() {
        return "for word; do shift; [ \"$before\" = -cp ] && word='" + folder + File.pathSeparator
                + "'\"$word\"; before=$word; set -- \"$@\" \"$word\"; done";
    }

    /** Runs a command to completion and returns its output followed by the exit code. */
    String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        String path = folder + File.pathSeparator + System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", path, Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEGATE_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return said + process.waitFor();
    }
}
