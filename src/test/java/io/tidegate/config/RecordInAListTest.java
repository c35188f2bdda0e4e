package io.tidegate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests lists of records. A record in a list gets its default values only from a shorter constructor. */
class RecordInAListTest {

    record Visit(String place, int guests, Duration every, String key, Map<String, String> gifts, List<String> words) {
        Visit {
            if (place.isBlank()) {
                throw new IllegalArgumentException("place must name something");
            }
            if (every.isNegative()) {
                throw new IllegalArgumentException("every must not be negative");
            }
            gifts = Map.copyOf(gifts);
        }

        Visit(String place, int guests) {
            this(place, guests, Duration.ofSeconds(guests), "id", Map.of(), List.of());
        }
    }

    record Diary(List<Visit> visits) {}

    private final Path file;

    RecordInAListTest(@TempDir Path folder) {
        this.file = folder.resolve("diary.yaml");
    }

    @Test
    void whatIsLeftOutIsWhatTheShorterConstructorSays() throws IOException {
        assertEquals(List.of(new Visit("sea", 2)), ok("visits: [{place: sea, guests: 2}]"));
        assertEquals(
                List.of(new Visit("sea", 2, Duration.ofMinutes(1), "key", Map.of("a", "b"), List.of("w"))),
                ok("visits: [{place: sea, guests: 2, every: 1m, key: key, gifts: {a: b}, words: [w]}]"));
    }

    @Test
    void whatItTakesIsRequired() throws IOException {
        assertEquals(List.of("visits[0].guests: is required"), bad("visits: [{place: sea, key: x}]"));
    }

    @Test
    void everyProblemIsFoundAtOnce() throws IOException {
        assertEquals(
                List.of(
                        "visits[0].evry: is not a known key; did you mean every?",
                        "visits[0].place: must name something",
                        "visits[0].every: must be a duration such as 250ms, 15s, 10m, 1h or 7d, not 'soon'",
                        "visits[1].every: must not be negative"),
                bad("visits: [{place: '', guests: 1, every: soon, evry: 1s}, {place: sea, guests: 1, every: -1s}]"));
    }

    @Test
    void itIsPrintedAsItIsReadAndItsKeyIsNoSecret() throws IOException {
        Diary diary =
                new Diary(List.of(new Visit("sea", 2, Duration.ofMinutes(1), "part", Map.of("a", "b"), List.of())));
        assertEquals(diary.visits(), ok(YamlWriter.masked(diary)));
    }

    private List<Visit> ok(String yaml) throws IOException {
        ConfigResult<Diary> reading = read(yaml);
        return assertInstanceOf(ConfigResult.Ok.class, reading, reading::toString)
                                .settings()
                        instanceof Diary diary
                ? diary.visits()
                : List.of();
    }

    private List<String> bad(String yaml) throws IOException {
        ConfigResult<Diary> reading = read(yaml);
        assertInstanceOf(ConfigResult.Bad.class, reading);
        return ((ConfigResult.Bad<Diary>) reading)
                .problems().stream()
                        .map(problem ->
                                problem.path() + ": " + problem.toString().replaceAll("^[^:]*: | \\([^(]*\\)$", ""))
                        .toList();
    }

    private ConfigResult<Diary> read(String yaml) throws IOException {
        Files.writeString(file, yaml);
        return new ConfigReader<>(new Diary(List.of()))
                .read(Optional.of(file), new Environment("DIARY_", Set.of(), Map.of()), List.of());
    }
}
