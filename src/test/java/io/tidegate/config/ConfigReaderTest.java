package io.tidegate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

    enum Colour {
        RED,
        DARK_BLUE
    }

    record Limit(int count, Duration age) {
        Limit {
            if (count <= 0) {
                throw new IllegalArgumentException("count must be greater than 0");
            }
            if (age.isNegative()) {
                throw new IllegalArgumentException("age must not be negative");
            }
        }
    }

    record Server(String host, int port, long maxBytes, boolean open, Colour colour) {
        Server {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
            }
            if (host.isBlank()) {
                throw new IllegalArgumentException("host must not be empty");
            }
        }
    }

    record Rule(String prefix, URI url) {
        Rule {
            if (!prefix.startsWith("/")) {
                throw new IllegalArgumentException("a rule begins with a slash");
            }
        }
    }

    record House(
            Path data,
            Server server,
            Map<Colour, Limit> limits,
            Map<String, Limit> jobs,
            List<Rule> rules,
            List<String> words,
            String apiToken) {
        House {
            limits = Map.copyOf(limits);
            jobs = Map.copyOf(jobs);
            rules = List.copyOf(rules);
            words = List.copyOf(words);
            if (rules.size() > 2) {
                throw new IllegalArgumentException("rules[2].prefix is one too many");
            }
        }
    }

    private static final Limit DAY = new Limit(10, Duration.ofDays(1));
    private static final House DEFAULTS = new House(
            Path.of("data"),
            new Server("127.0.0.1", 80, 2048, true, Colour.RED),
            Map.of(Colour.RED, DAY, Colour.DARK_BLUE, DAY),
            Map.of("first", DAY, "second", DAY),
            List.of(),
            List.of("one"),
            "quiet");

    private final Path folder;

    ConfigReaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void whatIsNotWrittenKeepsItsDefault() throws IOException {
        House read = ok("server:\n  port: 81\n");
        assertEquals(new Server("127.0.0.1", 81, 2048, true, Colour.RED), read.server());
        assertEquals(DEFAULTS.limits(), read.limits());
        assertEquals(DEFAULTS, ok(""));
        assertEquals(DEFAULTS, ok("# nothing\n"));
        assertEquals(DEFAULTS, ok("server:\n  # port: 81\nrules:\njobs:\n"));
    }

    @Test
    void everyTypeIsReadFromItsSpelling() throws IOException {
        House read = ok(
                """
                data: /var/lib/house
                server: {host: 1.10, port: 0, max-bytes: 3MiB, open: false, colour: dark-blue}
                limits:
                  dark-blue: {age: 90m}
                jobs:
                  first: {count: 3}
                  third: {count: 4, age: 250ms}
                rules:
                  - prefix: /a
                    url: http://127.0.0.1:3000
                words: [a, "b c"]
                """);
        House expected = new House(
                Path.of("/var/lib/house"),
                new Server("1.10", 0, 3 << 20, false, Colour.DARK_BLUE),
                Map.of(Colour.RED, DAY, Colour.DARK_BLUE, new Limit(10, Duration.ofMinutes(90))),
                Map.of("first", new Limit(3, Duration.ofDays(1)), "third", new Limit(4, Duration.ofMillis(250))),
                List.of(new Rule("/a", URI.create("http://127.0.0.1:3000"))),
                List.of("a", "b c"),
                "quiet");
        assertEquals(expected, read);
    }

    @Test
    void everyProblemIsReportedAtOnceWithItsPathAndLine() throws IOException {
        assertProblems(
                """
                dada: x
                server:
                  prot: 1
                  port: 99999
                  host: " "
                  max-bytes: 3 apples
                  open: yes
                  colour: green
                limits:
                  pink: {count: 1}
                  red: {count: 0, age: -1s}
                jobs:
                  third: {count: 4}
                rules:
                  - prefix: x
                    url: http://127.0.0.1
                  - url: "not a url"
                words: one
                """,
                "dada: is not a known key; did you mean data? (FILE:1)",
                "server.prot: is not a known key; did you mean port? (FILE:3)",
                "server.max-bytes: must be a number of bytes such as 65536, 64KiB or 1MiB, not '3 apples' (FILE:6)",
                "server.open: must be true or false, not 'yes' (FILE:7)",
                "server.colour: must be one of red, dark-blue, not 'green' (FILE:8)",
                "server.port: must be 0 to 65535, not 99999 (FILE:4)",
                "server.host: must not be empty (FILE:5)",
                "limits.pink: must be one of red, dark-blue, not 'pink' (FILE:10)",
                "limits.red.count: must be greater than 0 (FILE:11)",
                "limits.red.age: must not be negative (FILE:11)",
                "jobs.third.age: is required (FILE:13)",
                "rules[0]: a rule begins with a slash (FILE:15)",
                "rules[1].prefix: is required (FILE:17)",
                "rules[1].url: must be a URL, not 'not a url' (FILE:17)",
                "words: must be a list (FILE:18)");
    }

    @Test
    void aKeyFarFromAllKnownOnesGetsTheListOfThem() throws IOException {
        assertProblems(
                "server: {elephant: 1}\n",
                "server.elephant: is not a known key; known keys: host, port, max-bytes, open, colour (FILE:1)");
    }

    @Test
    void wrongShapesAreToldApart() throws IOException {
        assertProblems(
                """
                server: 5
                limits: [1]
                jobs: {first: [], second: {count: {}, age: }}
                data: {a: 1}
                words: [[x]]
                """,
                "data: must be a single value (FILE:4)",
                "server: must be a mapping of keys to values (FILE:1)",
                "limits: must be a mapping of names to values (FILE:2)",
                "jobs.first: must be a mapping of keys to values (FILE:3)",
                "jobs.second.count: must be a single value (FILE:3)",
                "jobs.second.age: has no value (FILE:3)",
                "words[0]: must be a single value (FILE:5)");
    }

    @Test
    void numbersAndDurationsThatOverflowAreRefused() throws IOException {
        assertProblems(
                """
                server: {port: 3000000000, max-bytes: 9999999999GiB}
                limits: {red: {count: 1.5, age: 999999999999999999d}}
                """,
                "server.port: must fit into 32 bits, not '3000000000' (FILE:1)",
                "server.max-bytes: must fit into 64 bits, not '9999999999GiB' (FILE:1)",
                "limits.red.count: must be a whole number, not '1.5' (FILE:2)",
                "limits.red.age: must fit into 64 bits of milliseconds, not '999999999999999999d' (FILE:2)");
    }

    @Test
    void aConstructorMayBlameAnElementOfAList() throws IOException {
        String rule = "  - {prefix: /a, url: 'http://127.0.0.1'}\n";
        assertProblems("rules:\n" + rule.repeat(3), "rules[2].prefix: is one too many (FILE:2)");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() throws IOException {
        assertProblems("server:\n  port: 1\n  port: 2\n", "server.port: must not appear more than once (FILE:3)");
    }

    @Test
    void aliasesAndSecondDocumentsAreRefused() throws IOException {
        assertProblems(
                "limits:\n  red: &a {count: 1}\n  dark-blue: *a\n",
                "limits.dark-blue: must be written out; aliases are not supported (FILE:3)");
        assertProblems("data: a\n---\ndata: b\n", "must contain only one YAML document (FILE:3)");
        assertProblems("- a\n", "must be a mapping of keys to values (FILE:1)");
    }

    @Test
    void aSyntaxErrorNamesItsLine() throws IOException {
        List<ConfigProblem> problems = bad("data: a\nserver:\n\tport: 1\n");
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).message().startsWith("is not valid YAML: "), problems.toString());
        assertFalse(problems.get(0).message().contains("\n"), problems.toString());
        assertEquals(file() + ":3", problems.get(0).where());
    }

    @Test
    void aMissingFileAndOneThatIsNotTextAreProblems() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        assertEquals(
                List.of(new ConfigProblem("", "the file does not exist", missing.toString())),
                problems(read(Optional.of(missing), Map.of(), List.of())));
        Files.write(file(), new byte[] {'a', ':', (byte) 0xff});
        assertEquals(
                List.of(new ConfigProblem("", "must be UTF-8", file().toString())),
                problems(read(Optional.of(file()), Map.of(), List.of())));
        assertEquals(
                List.of(new ConfigProblem("", "the file cannot be read", folder.toString())),
                problems(read(Optional.of(folder), Map.of(), List.of())));
    }

    @Test
    void theEnvironmentGoesOverTheFileAndFlagsOverBoth() throws IOException {
        Files.writeString(file(), "server: {port: 1, host: a, colour: dark-blue}\n");
        ConfigResult<House> reading = read(
                Optional.of(file()),
                Map.of("HOUSE_SERVER_PORT", "2", "HOUSE_SERVER_HOST", "b", "PATH", "/bin"),
                List.of(new Setting("server.port", "3", "--set"), new Setting("server.port", "4", "--set")));
        assertEquals(
                new Server("b", 4, 2048, true, Colour.DARK_BLUE), value(reading).server());
    }

    @Test
    void whatOverridesAFileIsCheckedWithIt() throws IOException {
        Files.writeString(file(), "server: {port: 99999}\n");
        ConfigResult<House> cured =
                read(Optional.of(file()), Map.of(), List.of(new Setting("server.port", "4", "--set")));
        assertEquals(4, value(cured).server().port());
        ConfigResult<House> broken = read(Optional.empty(), Map.of("HOUSE_SERVER_MAX_BYTES", "x"), List.of());
        assertEquals("HOUSE_SERVER_MAX_BYTES", problems(broken).get(0).where());
    }

    @Test
    void namesOfTheFileAndOfTheDefaultsCanBeSetFromOutside() throws IOException {
        Map<String, String> environment = Map.of("HOUSE_JOBS_FIRST_COUNT", "7", "HOUSE_LIMITS_DARK_BLUE_COUNT", "8");
        House plain = value(read(Optional.empty(), environment, List.of()));
        assertEquals(Map.of("first", new Limit(7, DAY.age()), "second", DAY), plain.jobs());
        assertEquals(Map.of(Colour.RED, DAY, Colour.DARK_BLUE, new Limit(8, DAY.age())), plain.limits());

        Files.writeString(file(), "jobs: {my-job: {count: 1, age: 1s}}\n");
        House named = value(read(Optional.of(file()), Map.of("HOUSE_JOBS_MY_JOB_COUNT", "9"), List.of()));
        assertEquals(Map.of("my-job", new Limit(9, Duration.ofSeconds(1))), named.jobs());
    }

    @Test
    void aWrongShapeInTheFileIsReportedEvenWhereSomethingOverridesIt() throws IOException {
        Files.writeString(file(), "server: 5\n");
        assertEquals(
                List.of("server: must be a mapping of keys to values (" + file() + ":1)"),
                texts(read(Optional.of(file()), Map.of("HOUSE_SERVER_PORT", "1"), List.of())));
    }

    @Test
    void unknownVariablesAndFlagsAreProblemsWithAHint() {
        ConfigResult<House> reading = read(
                Optional.empty(),
                Map.of("HOUSE_SERVER_PROT", "1", "HOUSE_PORT", "1", "HOUSE_LOG", "debug"),
                List.of(new Setting("prot", "1", "--set prot"), new Setting("port", "1", "--set port")));
        assertEquals(
                List.of(
                        "HOUSE_PORT: is not a known variable; did you mean HOUSE_SERVER_PORT?",
                        "HOUSE_SERVER_PROT: is not a known variable; did you mean HOUSE_SERVER_PORT?",
                        "prot: is not a known key (--set prot)",
                        "port: is not a known key; did you mean server.port? (--set port)"),
                texts(reading));
    }

    @Test
    void theVariablesKubernetesSetsForAServiceOfOurNameAreLeftAlone() {
        Map<String, String> links = Map.of(
                "HOUSE_SERVICE_HOST", "10.0.0.1",
                "HOUSE_SERVICE_PORT", "80",
                "HOUSE_SERVICE_PORT_HTTP", "80",
                "HOUSE_PORT", "tcp://10.0.0.1:80",
                "HOUSE_PORT_80_TCP", "tcp://10.0.0.1:80",
                "HOUSE_PORT_80_TCP_ADDR", "10.0.0.1",
                "HOUSE_SERVER_PORT", "tcp://10.0.0.1:80",
                "HOUSE_SERVER_SERVICE_HOST", "10.0.0.1");
        assertEquals(new ConfigResult.Ok<>(DEFAULTS), read(Optional.empty(), links, List.of()));
    }

    @Test
    void whatIsPrintedReadsBackAsTheSameExceptForSecrets() throws IOException {
        House house = new House(
                Path.of("a b"),
                new Server("true", 1, 3L << 30, true, Colour.DARK_BLUE),
                Map.of(Colour.RED, new Limit(1, Duration.ZERO), Colour.DARK_BLUE, DAY),
                Map.of("token", DAY),
                List.of(new Rule("/x", URI.create("http://me:pw@127.0.0.1"))),
                List.of("# no comment", "1"),
                "do not tell");
        String yaml = YamlWriter.masked(house);
        assertFalse(yaml.contains("tell"), yaml);
        assertFalse(yaml.contains("pw"), yaml);
        assertTrue(yaml.contains("api-token: '***'") || yaml.contains("api-token: \"***\""), yaml);
        assertTrue(yaml.contains("max-bytes: 3GiB"), yaml);
        assertTrue(yaml.contains("age: 0s"), yaml);
        House back = ok(yaml);
        assertEquals(house.server(), back.server());
        assertEquals(house.limits(), back.limits());
        assertEquals(house.jobs(), back.jobs());
        assertEquals(house.words(), back.words());
        assertEquals(house.data(), back.data());
    }

    @Test
    void aSecretIsNotRepeatedInAProblem() {
        record Vault(int apiKey) {}
        ConfigResult<Vault> reading = new ConfigReader<>(new Vault(1))
                .read(
                        Optional.empty(),
                        environment(Map.of()),
                        List.of(new Setting("api-key", "hush", "--set api-key")));
        assertEquals(
                List.of(new ConfigProblem("api-key", "must be a whole number", "--set api-key")),
                ((ConfigResult.Bad<Vault>) reading).problems());
    }

    private Path file() {
        return folder.resolve("house.yaml");
    }

    private House ok(String yaml) throws IOException {
        Files.writeString(file(), yaml, StandardCharsets.UTF_8);
        return value(read(Optional.of(file()), Map.of(), List.of()));
    }

    private List<ConfigProblem> bad(String yaml) throws IOException {
        Files.writeString(file(), yaml, StandardCharsets.UTF_8);
        return problems(read(Optional.of(file()), Map.of(), List.of()));
    }

    private void assertProblems(String yaml, String... expected) throws IOException {
        List<String> found = bad(yaml).stream()
                .map(problem -> problem.toString().replace(file().toString(), "FILE"))
                .toList();
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    private static House value(ConfigResult<House> reading) {
        return assertInstanceOf(ConfigResult.Ok.class, reading, reading::toString)
                                .settings()
                        instanceof House house
                ? house
                : DEFAULTS;
    }

    private static List<ConfigProblem> problems(ConfigResult<House> reading) {
        assertInstanceOf(ConfigResult.Bad.class, reading);
        return ((ConfigResult.Bad<House>) reading).problems();
    }

    private static List<String> texts(ConfigResult<House> reading) {
        return problems(reading).stream().map(ConfigProblem::toString).toList();
    }

    private static ConfigResult<House> read(Optional<Path> file, Map<String, String> variables, List<Setting> flags) {
        return new ConfigReader<>(DEFAULTS).read(file, environment(variables), flags);
    }

    private static Environment environment(Map<String, String> variables) {
        return new Environment("HOUSE_", Set.of("HOUSE_LOG"), variables);
    }
}
