package io.tidegate.delivery.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.event.EventType;
import io.tidegate.event.Selection;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopicTableTest {

    private final TopicTable table = new TopicTable();

    @Test
    void anEmptyTableNamesNobody() {
        assertEquals(List.of(), named("a"));
    }

    @Test
    void aPlainTopicConcernsThoseWhoAskedForIt() {
        Subscription a = join("a");
        Subscription below = join("a/b");
        join("b");
        assertEquals(List.of(a), named("a"));
        assertEquals(List.of(below), named("a/b"));
        assertEquals(List.of(), named("a/b/c"));
        assertEquals(List.of(), named("A"));
    }

    @Test
    void aPatternConcernsEveryTopicItMatches() {
        Subscription tree = join("a/**");
        Subscription one = join("*");
        assertEquals(2, named("a").size());
        assertEquals(List.of(tree), named("a/b/c"));
        assertEquals(List.of(one), named("b"));
        assertEquals(List.of(), named("b/c"));
    }

    @Test
    void thoseOfOneTopicAreNamedInTheOrderInWhichTheyCame() {
        List<Subscription> plain = Stream.generate(() -> join("a")).limit(5).toList();
        assertEquals(plain, named("a"));
        table.remove(plain.get(1));
        assertEquals(List.of(plain.get(0), plain.get(2), plain.get(3), plain.get(4)), named("a"));
    }

    @Test
    void aSeatIsNamedOnceForEachPatternThatMatches() {
        Subscription seat = join("a", "*", "a/**", "b");
        assertEquals(List.of(seat, seat, seat), named("a"));
        assertEquals(List.of(seat, seat), named("b"));
        assertEquals(List.of(seat), named("a/x"));
    }

    @Test
    void typesAndGrantsAreLeftToTheSeat() {
        Subscription seat = new Subscription(
                new Selection(List.of(new TopicPattern("a")), List.of(new EventType.Pattern("never")), List.of()),
                new Receiving(events -> {}));
        table.add(seat);
        assertEquals(List.of(seat), named("a"));
    }

    @Test
    void aSeatThatIsRemovedIsNamedForNoneOfItsPatterns() {
        Subscription gone = join("a", "b", "*", "c/**");
        Subscription stays = join("a", "c/**");
        table.remove(gone);
        assertEquals(List.of(stays), named("a"));
        assertEquals(List.of(), named("b"));
        assertEquals(List.of(stays), named("c/d"));
        table.remove(stays);
        assertEquals(List.of(), named("a"));
        assertEquals(List.of(), named("c/d"));
    }

    @Test
    void ofSeatsWithTheSameSelectionOnlyTheOneThatLeavesIsRemoved() {
        Subscription first = join("a", "*");
        Subscription second = join("a", "*");
        table.remove(second);
        assertEquals(List.of(first, first), named("a"));
    }

    @Test
    void removingASeatThatIsNotThereChangesNothing() {
        Subscription seat = join("a", "b/*");
        Subscription stranger = new Subscription(seat.selection(), new Receiving(events -> {}));
        table.remove(stranger);
        table.remove(new Subscription(
                Selection.ofTopics(TopicPattern.ALL, new TopicPattern("x")), new Receiving(events -> {})));
        assertEquals(List.of(seat), named("a"));
        assertEquals(List.of(seat), named("b/c"));
        table.remove(seat);
        table.remove(seat);
        assertEquals(List.of(), named("a"));
    }

    /** The order among patterns is unspecified, so this test counts the subscriptions. */
    @Test
    void itNamesThoseThatASearchOfAllSeatsFinds() {
        List<String> patterns = List.of("a", "b", "a/b", "*", "**", "a/*", "*/b", "a/**", "b/**");
        SplittableRandom random = new SplittableRandom(7);
        List<Subscription> all = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            if (all.isEmpty() || random.nextInt(9) < 5) {
                int from = random.nextInt(patterns.size());
                all.add(join(patterns.subList(from, random.nextInt(from, patterns.size()) + 1)
                        .toArray(String[]::new)));
            } else {
                table.remove(all.remove(random.nextInt(all.size())));
            }
            Topic topic =
                    new Topic(List.of("a", "b", "c", "a/b", "c/b", "a/b/c").get(random.nextInt(6)));
            Map<Subscription, Long> found = new HashMap<>();
            table.each(topic, seat -> found.merge(seat, 1L, Long::sum));
            Map<Subscription, Long> expected = new HashMap<>();
            for (Subscription seat : all) {
                seat.selection().topics().stream()
                        .filter(pattern -> pattern.matches(topic))
                        .forEach(pattern -> expected.merge(seat, 1L, Long::sum));
            }
            assertEquals(expected, found);
        }
    }

    private Subscription join(String... patterns) {
        TopicPattern[] topics = Stream.of(patterns).map(TopicPattern::new).toArray(TopicPattern[]::new);
        Subscription seat = new Subscription(Selection.ofTopics(topics), new Receiving(events -> {}));
        table.add(seat);
        return seat;
    }

    private List<Subscription> named(String topic) {
        List<Subscription> seats = new ArrayList<>();
        table.each(new Topic(topic), seats::add);
        return seats;
    }
}
