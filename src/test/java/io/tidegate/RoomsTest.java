package io.tidegate;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of rooms: what each may import. A room that is not listed here does not exist. */
class RoomsTest {

    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("problem", Set.of()),
            Map.entry("client", Set.of()),
            Map.entry("event", Set.of("problem")),
            Map.entry("header", Set.of("problem")),
            Map.entry("bus", Set.of("event")),
            Map.entry("journal", Set.of("event", "problem")),
            Map.entry("retention", Set.of("event")),
            Map.entry("history", Set.of("event", "journal", "retention")),
            Map.entry("memory", Set.of("event", "history", "journal", "retention")),
            Map.entry("folder", Set.of("event", "journal", "problem")),
            Map.entry("sqlite", Set.of("event", "folder", "history", "journal", "problem", "retention")),
            Map.entry("writer", Set.of("bus", "event", "history", "journal", "problem")),
            Map.entry("hub", Set.of("bus", "event")),
            Map.entry("jose", Set.of("event")),
            Map.entry("issuer", Set.of("jose")),
            Map.entry("token", Set.of("event", "issuer", "jose", "problem")),
            Map.entry("auth", Set.of("problem", "token")),
            Map.entry("kind", Set.of("bus", "event", "header", "journal", "problem")),
            Map.entry("session", Set.of("event", "journal", "problem", "kind")),
            Map.entry("deploy", Set.of("event", "kind", "problem")),
            Map.entry("recipe", Set.of("deploy", "event", "journal", "kind", "problem")),
            Map.entry("instance", Set.of("event", "journal", "problem", "kind")),
            Map.entry("item", Set.of("event", "journal", "problem", "kind")),
            Map.entry("sse", Set.of("event", "journal", "hub", "problem")),
            Map.entry("poll", Set.of("event", "header", "hub", "journal", "problem")),
            Map.entry("publish", Set.of("event", "header", "journal", "problem")),
            Map.entry("origin", Set.of()),
            Map.entry("field", Set.of("client", "origin")),
            Map.entry("call", Set.of("origin", "problem")),
            Map.entry("proxy", Set.of("call", "client", "field", "origin", "problem")),
            Map.entry("connection", Set.of("field", "problem", "publish")),
            Map.entry("tls", Set.of("connection")),
            Map.entry("rate", Set.of()),
            Map.entry("limit", Set.of("problem", "rate")),
            Map.entry("tap", Set.of("event", "journal", "problem", "proxy")),
            Map.entry("watch", Set.of("bus", "event", "journal", "origin", "problem")),
            Map.entry("grip", Set.of("event", "field", "hub", "journal", "problem", "proxy", "sse")),
            Map.entry("source", Set.of()),
            Map.entry("config", Set.of("source")),
            Map.entry("ui", Set.of("header")),
            Map.entry("overload", Set.of()),
            Map.entry("ops", Set.of("overload", "problem")),
            Map.entry("workload", Set.of()),
            Map.entry("wire", Set.of("workload")),
            Map.entry("report", Set.of("workload")),
            Map.entry("bench", Set.of("report", "wire", "workload")));

    private static final String ROOT = "io.tidegate";
    /** What stands where the gateway stands: so none of the tests, wherever a build puts them. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Gateway.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void everyRoomImportsOnlyWhatItsRowAllows() {
        MAY_IMPORT.forEach((room, allowed) -> {
            String[] open = Stream.concat(Stream.of(room), allowed.stream())
                    .map(RoomsTest::packageOf)
                    .toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(packageOf(room))
                    .should()
                    .onlyDependOnClassesThat(
                            not(resideInAnyPackage(ROOT + "..")).or(resideInAnyPackage(open)))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        });
    }

    @Test
    void everyPackageIsARoomOfTheTableOrAmongThoseAboveIt() {
        Set<String> rooms = new TreeSet<>(MAY_IMPORT.keySet());
        rooms.addAll(Arrays.asList("http", "cli", ""));
        Set<String> found = CLASSES.stream()
                .map(type -> type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(rooms, found);
    }

    @Test
    void theArchitectureDocumentShowsThisTable() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        Pattern.compile("^\\| `([a-z]+)` \\| .* \\|([^|]*)\\|$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("src/docs/architecture.md")))
                .results()
                .forEach(row -> documented.put(
                        row.group(1),
                        Arrays.stream(row.group(2).replace("`", "").strip().split(" +"))
                                .filter(room -> !room.isEmpty())
                                .collect(Collectors.toSet())));
        assertEquals(new TreeMap<>(MAY_IMPORT), documented);
    }

    @Test
    void nobodyImportsTheCommands() {
        classes()
                .that()
                .resideOutsideOfPackage(packageOf("cli"))
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage(packageOf("cli"))))
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static String packageOf(String room) {
        return ROOT + "." + room;
    }
}
