package io.tidegate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the shell scripts in a separate folder, with a PATH that contains only programs provided by the test. */
class ScriptsTest {

    private static final List<String> TOOLS = List.of(
            "sh",
            "bash",
            "env",
            "sed",
            "sort",
            "head",
            "cut",
            "tar",
            "gzip",
            "mktemp",
            "mkdir",
            "mv",
            "rm",
            "dirname",
            "sha512sum",
            "tr",
            "id",
            "cat",
            "chmod",
            "awk",
            "echo");
    private static final String DISTRIBUTION = "/org/apache/maven/apache-maven/9.9.9/apache-maven-9.9.9-bin.tar.gz";

    private record Run(int code, String out, String err) {}

    private final Path project;
    private final Path bin;
    private final Path home;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    ScriptsTest(@TempDir Path folder) throws IOException {
        this.project = Files.createDirectories(folder.resolve("a project"));
        this.bin = Files.createDirectory(folder.resolve("bin"));
        this.home = Files.createDirectory(folder.resolve("home"));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void prepare() throws Exception {
        for (String tool : TOOLS) {
            link(tool);
        }
        for (String script : List.of("mvnw", "src/test/run", ".ci/run")) {
            Path copy = project.resolve(script);
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(script), copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
        byte[] archive = distribution();
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, archive.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(archive);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    @Needs("curl")
    void withoutMavenTheWrapperFetchesOneAndKeepsIt() throws Exception {
        java("17.0.1");
        link("curl");
        assertEquals(new Run(0, "fetched -v a b\n", "mvnw: fetching Maven 9.9.9\n"), mvnw("-v", "a b"));
        assertEquals(new Run(0, "fetched\n", ""), mvnw());
        assertEquals(List.of(DISTRIBUTION), requests);
    }

    @Test
    @Needs("wget")
    void withoutCurlTheWrapperFetchesByWget() throws Exception {
        java("17.0.1");
        link("wget");
        assertEquals(0, mvnw().code());
        assertEquals(List.of(DISTRIBUTION), requests);
    }

    @Test
    @Needs("curl")
    void aDistributionOfAnotherChecksumIsNotRun() throws Exception {
        java("17.0.1");
        link("curl");
        properties("0".repeat(128));
        Run run = mvnw();
        assertEquals(1, run.code());
        assertTrue(run.err().contains("has not the expected SHA-512"), run.err());
        try (var left = Files.walk(home)) {
            assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    @Needs("curl")
    void theMachinesOwnMavenIsUsedWhenItIsNewEnough() throws Exception {
        java("17.0.1");
        script("mvn", "if [ \"$1\" = -q ]; then echo 3.8.6; else echo own \"$@\"; fi");
        assertEquals(new Run(0, "own verify\n", ""), mvnw("verify"));
        link("curl");
        script("mvn", "echo 3.6.3");
        assertEquals("fetched verify\n", mvnw("verify").out());
    }

    @Test
    void withoutAJdkTheWrapperSaysWhatToDo() throws Exception {
        assertEquals("mvnw: needs a JDK 17 or newer: set JAVA_HOME to it or put its java on the PATH\n", mvnw().err());
        java("1.8.0_402");
        assertTrue(mvnw().err().startsWith("mvnw: needs a JDK 17 or newer, and java is a 1"), mvnw().err());
        Files.delete(bin.resolve("javac"));
        assertEquals("mvnw: found java, but it is no JDK: its javac is missing\n", mvnw().err());
    }

    @Test
    void withNothingToFetchWithTheWrapperSaysSo() throws Exception {
        java("17.0.1");
        Run run = mvnw();
        assertEquals(1, run.code());
        assertTrue(run.err().contains("needs curl or wget to fetch Maven"), run.err());
    }

    @Test
    void theTestCommandVerifiesAndSaysWhatWasSkipped() throws Exception {
        Files.writeString(
                project.resolve("mvnw"),
                """
                #!/bin/sh
                mkdir -p target
                echo "$@"
                echo 'chromium: a test' > target/skipped-programs.txt
                exit 3
                """);
        script("id", "echo 1000");
        Run run = run("src/test/run", "-o");
        assertEquals(
                new Run(
                        3,
                        """
                        -B verify -o

                        Skipped, because a program is missing here:
                          chromium: a test
                        """,
                        ""),
                run);
        assertEquals(run.out().replace(" -o", ""), run(".ci/run").out());
    }

    @Test
    void theTestCommandRunsTestsByNameAlone() throws Exception {
        Files.writeString(project.resolve("mvnw"), "#!/bin/sh\necho \"$@\"\n");
        script("id", "echo 1000");
        assertEquals(new Run(0, "-B test -Djacoco.skip -o -Dtest=X\n", ""), run("src/test/run", "-o", "-Dtest=X"));
    }

    @Test
    void theTestCommandSaysWhichClassesOfThisRunTookLongest() throws Exception {
        Path reports = Files.createDirectories(project.resolve("target/surefire-reports"));
        Files.writeString(reports.resolve("old.txt"), "Tests run: 9, Time elapsed: 9 s -- in a.OldTest\n");
        StringBuilder mvnw = new StringBuilder("#!/bin/sh\nmkdir -p target/surefire-reports\n");
        for (int i = 1; i <= 22; i++) {
            mvnw.append("echo 'Tests run: ")
                    .append(i)
                    .append(", Failures: 0, Errors: 0, Skipped: 0, Time elapsed: ")
                    .append(i == 22 ? "1,022.5" : "0." + (10 + i))
                    .append(i == 7 ? " s <<< FAILURE!" : " s")
                    .append(" -- in a.T")
                    .append(i)
                    .append("' > target/surefire-reports/")
                    .append(i)
                    .append(".txt\n");
        }
        Files.writeString(project.resolve("mvnw"), mvnw);
        script("id", "echo 1000");
        List<String> lines = run("src/test/run").out().lines().toList();
        assertEquals("The slowest classes, in seconds, and their tests:", lines.get(1));
        assertEquals("   1022.5    22  a.T22", lines.get(2));
        assertEquals("      0.2     7  a.T7", lines.get(17));
        assertEquals("   1026.9   253  in all 22 classes", lines.get(22));
        assertEquals(23, lines.size());
    }

    @Test
    void theTestCommandOfRootInstallsWhatIsMissingAndSaysNothingMore() throws Exception {
        Files.writeString(project.resolve("mvnw"), "#!/bin/sh\necho tested\n");
        script("id", "echo 0");
        script("apt-get", "echo apt-get \"$@\"");
        Run run = run("src/test/run");
        assertEquals(0, run.code());
        assertEquals("tested\n", run.out());
        assertTrue(run.err().contains("apt-get install -qq -y --no-install-recommends chromium\n"), run.err());
        for (String program : List.of("google-chrome", "nginx", "ip", "ss", "curl", "wget", "script", "setpriv")) {
            script(program, "");
        }
        assertEquals(new Run(0, "tested\n", ""), run("src/test/run"));
    }

    private byte[] distribution() throws Exception {
        Path folder = home.resolveSibling("dist");
        executable(
                Files.createDirectories(folder.resolve("apache-maven-9.9.9/bin"))
                        .resolve("mvn"),
                "echo fetched \"$@\"");
        Path archive = folder.resolve("maven.tar.gz");
        Run tar = process(List.of("tar", "-czf", archive.toString(), "-C", folder.toString(), "apache-maven-9.9.9"));
        assertEquals(0, tar.code(), tar.err());
        properties(process(List.of("sha512sum", archive.toString())).out().split(" ", 2)[0]);
        return Files.readAllBytes(archive);
    }

    private void properties(String sum) throws IOException {
        Path file = project.resolve(".mvn/wrapper/maven-wrapper.properties");
        Files.createDirectories(file.getParent());
        String url = "http://127.0.0.1:1/maven-3/9.9.9/binaries/apache-maven-9.9.9-bin.tar.gz?action=download";
        Files.writeString(file, "# comment\ndistributionUrl=" + url + "\ndistributionSha512Sum=" + sum + "\n");
    }

    private void java(String version) throws IOException {
        script("java", "echo 'openjdk version \"" + version + "\"' >&2");
        script("javac", "");
    }

    private void link(String tool) throws IOException {
        script(tool, "exec " + Programs.find(tool).orElseThrow() + " \"$@\"");
    }

    private void script(String name, String body) throws IOException {
        Files.deleteIfExists(bin.resolve(name));
        executable(bin.resolve(name), body);
    }

    private static void executable(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private Run mvnw(String... arguments) throws Exception {
        return run("mvnw", arguments);
    }

    private Run run(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(project.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return process(command);
    }

    private Run process(List<String> command) throws IOException, InterruptedException {
        Path err = home.resolveSibling("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", bin.toString());
        environment.put("HOME", home.toString());
        environment.put(
                "MVNW_REPOURL", "http://127.0.0.1:" + server.getAddress().getPort());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(err));
    }
}
