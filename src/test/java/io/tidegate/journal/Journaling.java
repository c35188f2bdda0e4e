package io.tidegate.journal;

import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.retention.Retention;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Provides helper methods for the tests of the journal. */
public final class Journaling {

    public static final Retention PLENTY = new Retention(1_000_000, Duration.ofDays(30), 1L << 30, 10_000, 1 << 24);

    private Journaling() {}

    public static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    public static Draft draft(String topic, String data) {
        return Draft.of(topic, "changed", JsonText.trusted(data));
    }

    public static Draft keyed(String topic, String type, String key) {
        return Draft.of(topic, type, key, JsonText.trusted("{}"));
    }

    public static List<Event> commit(Journal journal, Draft... drafts) {
        return await(journal.commit(List.of(new Append(List.of(drafts)))))
                .get(0)
                .events();
    }

    /** Returns an append with an idempotency key for the whole request. */
    public static Append named(String publisher, String name, Draft... drafts) {
        List<Draft> all = List.of(drafts);
        return new Append(all, Optional.of(IdempotencyKey.ofRequest(publisher, name, all)), Map.of());
    }

    /** Returns an append with an idempotency key for each draft. */
    public static Append withIds(String publisher, List<String> ids, Draft... drafts) {
        Map<Integer, IdempotencyKey> keys = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            keys.put(i, IdempotencyKey.ofDraft(publisher, ids.get(i), drafts[i]));
        }
        return new Append(List.of(drafts), Optional.empty(), keys);
    }

    /** Commits the appends in one commit. */
    public static List<Receipt> commit(Journal journal, Append... appends) {
        return await(journal.commit(List.of(appends)));
    }

    /** Commits a number of events in one commit, with consecutive numbers as their data. */
    public static List<Event> commit(Journal journal, String topic, int from, int number) {
        Draft[] drafts = new Draft[number];
        Arrays.setAll(drafts, i -> draft(topic, Integer.toString(from + i)));
        return commit(journal, drafts);
    }

    public static Selection topics(String... patterns) {
        return Selection.ofTopics(Arrays.stream(patterns).map(TopicPattern::new).toArray(TopicPattern[]::new));
    }

    public static Selection types(String pattern, String... types) {
        return new Selection(
                List.of(new TopicPattern(pattern)),
                Arrays.stream(types).map(EventType.Pattern::new).toList(),
                List.of(TopicPattern.ALL));
    }

    public static Page read(Journal journal, long after, Selection selection, int limit) {
        return await(journal.read(journal.head().at(after), journal.head().offset(), selection, limit));
    }

    /** Reads all pages after a position. */
    public static List<Event> readAll(Journal journal, long after, Selection selection, int limit) {
        List<Event> all = new ArrayList<>();
        Page page = read(journal, after, selection, limit);
        all.addAll(page.events());
        while (page.more()) {
            page = read(journal, page.next().offset(), selection, limit);
            all.addAll(page.events());
        }
        return all;
    }

    public static List<Long> offsets(List<Event> events) {
        return events.stream().map(Event::offset).toList();
    }

    public static List<String> data(List<Event> events) {
        return events.stream().map(event -> event.data().toString()).toList();
    }

    public static Map<Kind, Retention> keep(Kind kind, Retention retention) {
        Map<Kind, Retention> all = new EnumMap<>(Kind.class);
        for (Kind other : Kind.values()) {
            all.put(other, PLENTY);
        }
        all.put(kind, retention);
        return all;
    }

    public static Retention events(long number) {
        return new Retention(number, PLENTY.age(), PLENTY.bytes(), PLENTY.keys(), 1 << 24);
    }
}
