package io.tidegate.docs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tidegate.node.Gateway;
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

/** Checks the packages and their imports against a table. Every package must be listed here. */
class ArchitectureTest {

    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("meter", Set.of()),
            Map.entry("problem", Set.of("meter")),
            Map.entry("event", Set.of("problem")),
            Map.entry("event.loop", Set.of()),
            Map.entry("event.bus", Set.of("event")),
            Map.entry("access", Set.of("event", "problem")),
            Map.entry("edge.message", Set.of("problem")),
            Map.entry("edge.client", Set.of()),
            Map.entry("edge.connection", Set.of()),
            Map.entry("edge.netty", Set.of("edge.connection", "edge.message", "problem")),
            Map.entry("edge.tls", Set.of("edge.connection")),
            Map.entry("edge.limit", Set.of("meter", "problem")),
            Map.entry("edge.overload", Set.of("edge.connection", "meter")),
            Map.entry("journal", Set.of("event", "problem")),
            Map.entry("journal.retention", Set.of("event")),
            Map.entry("journal.history", Set.of("event", "journal", "journal.retention")),
            Map.entry("journal.memory", Set.of("event", "journal", "journal.history", "journal.retention")),
            Map.entry("journal.sqlite", Set.of("event", "journal", "journal.history", "journal.retention", "problem")),
            Map.entry(
                    "journal.writer",
                    Set.of("event", "event.bus", "event.loop", "journal", "journal.history", "meter", "problem")),
            Map.entry("delivery.hub", Set.of("event", "event.bus", "meter")),
            Map.entry("delivery.follow", Set.of("event", "event.loop", "journal")),
            Map.entry(
                    "delivery.sse",
                    Set.of(
                            "access",
                            "delivery.follow",
                            "delivery.hub",
                            "edge.message",
                            "edge.netty",
                            "edge.overload",
                            "event",
                            "event.loop",
                            "journal",
                            "meter",
                            "problem")),
            Map.entry(
                    "delivery.poll",
                    Set.of(
                            "access",
                            "delivery.hub",
                            "edge.message",
                            "edge.overload",
                            "event",
                            "event.loop",
                            "journal",
                            "problem")),
            Map.entry("auth.jose", Set.of("event")),
            Map.entry("auth.token", Set.of("access", "auth.jose", "event", "problem")),
            Map.entry("auth", Set.of("access", "auth.token", "edge.message", "event.loop", "problem")),
            Map.entry(
                    "publish", Set.of("access", "edge.message", "event", "event.loop", "journal", "meter", "problem")),
            Map.entry(
                    "kind", Set.of("access", "edge.message", "event", "event.bus", "event.loop", "journal", "problem")),
            Map.entry("kind.item", Set.of("event", "kind", "problem")),
            Map.entry(
                    "kind.deploy",
                    Set.of("access", "event", "event.loop", "journal", "journal.writer", "kind", "problem")),
            Map.entry("proxy.origin", Set.of("event.loop", "meter")),
            Map.entry("proxy", Set.of("edge.client", "edge.message", "edge.netty", "problem", "proxy.origin")),
            Map.entry(
                    "adapter.watch",
                    Set.of(
                            "edge.message",
                            "event",
                            "event.bus",
                            "event.loop",
                            "journal",
                            "meter",
                            "problem",
                            "proxy.origin")),
            Map.entry("adapter.tap", Set.of("edge.message", "event", "journal", "meter", "problem", "proxy")),
            Map.entry(
                    "adapter.grip",
                    Set.of(
                            "auth.jose",
                            "delivery.follow",
                            "delivery.hub",
                            "delivery.sse",
                            "edge.message",
                            "event",
                            "event.loop",
                            "journal",
                            "meter",
                            "problem",
                            "proxy")),
            Map.entry("ops.ui", Set.of("edge.message", "event")),
            Map.entry("ops", Set.of("edge.message", "edge.overload", "event.loop", "problem")),
            Map.entry("config", Set.of()),
            Map.entry("bench", Set.of()));

    /** The packages that may import every package of the table. */
    private static final Set<String> ABOVE = Set.of("http", "node", "cli");

    private static final String ROOT = "io.tidegate";
    /** The gateway's classes without tests: those in the same location as {@code Gateway}. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Gateway.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void everyPackageImportsOnlyWhatItsRowAllows() {
        MAY_IMPORT.forEach((name, allowed) -> {
            String[] open = Stream.concat(Stream.of(name), allowed.stream())
                    .map(ArchitectureTest::packageOf)
                    .toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(packageOf(name))
                    .should()
                    .onlyDependOnClassesThat(
                            not(resideInAnyPackage(ROOT + "..")).or(resideInAnyPackage(open)))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        });
    }

    @Test
    void everyPackageIsInTheTableOrAboveIt() {
        Set<String> packages = new TreeSet<>(MAY_IMPORT.keySet());
        packages.addAll(ABOVE);
        Set<String> found = CLASSES.stream()
                .map(type -> type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(packages, found);
    }

    @Test
    void theArchitectureDocumentShowsThisTable() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        Pattern.compile("^\\| `([a-z.]+)` \\| .* \\|([^|]*)\\|$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("src/docs/architecture.md")))
                .results()
                .forEach(row -> documented.put(
                        row.group(1),
                        Arrays.stream(row.group(2).replace("`", "").strip().split(" +"))
                                .filter(name -> !name.isEmpty())
                                .collect(Collectors.toSet())));
        assertEquals(new TreeMap<>(MAY_IMPORT), documented);
    }

    @Test
    void noPackageImportsTheCommands() {
        classes()
                .that()
                .resideOutsideOfPackage(packageOf("cli"))
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage(packageOf("cli"))))
                .check(CLASSES);
    }

    @Test
    void firstLevelPackagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /**
     * Internals may change without notice. Therefore only one package depends on them, and one self-test covers them.
     */
    @Test
    void onlyOnePackageDependsOnInternalsOfVertxAndNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("edge.netty"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..", "io.netty..internal.."))
                .check(CLASSES);
    }

    /** Only edge.tls may compute signatures, to check that a certificate matches its key. */
    @Test
    void tokensAreSignedAndVerifiedByTheLibraryAndInOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("edge.tls"))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("javax.crypto.Mac")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.Signature")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("auth.jose"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.ext.auth.jwt..")
                .check(CLASSES);
    }

    @Test
    void noTwoPackagesDefineTypesOfTheSameName() {
        Map<String, Set<String>> places = new TreeMap<>();
        CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .forEach(type -> places.computeIfAbsent(type.getSimpleName(), any -> new TreeSet<>())
                        .add(type.getPackageName()));
        places.values().removeIf(packages -> packages.size() == 1);
        assertEquals(Map.of(), places);
    }

    private static String packageOf(String name) {
        return ROOT + "." + name;
    }
}
