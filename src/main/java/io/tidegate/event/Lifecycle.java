package io.tidegate.event;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The life of a kind's members: which types of events hold a member, and what else distinguishes these events.
 *
 * @param created type of a member's first event
 * @param changed type of the events after it
 * @param added type of the events that add something to a member; empty where nothing is added or these hold no member
 * @param ending how members end; empty where they never do
 */
public record Lifecycle(
        EventType created, EventType changed, Optional<EventType> added, Optional<Ending> ending, Set<Trait> traits) {

    /** What the members of most kinds do not have. */
    public enum Trait {
        /** Each member has a topic of its own below the kind's, so that a grant can name one member. */
        OWN_TOPICS,
        /** Retention keeps or evicts all events on a member's topic together; needs {@link #OWN_TOPICS}. */
        EVICTED_WHOLE,
        /** The kind's streams show only events that hold a member; other streams show every event on its topics. */
        LISTS_ONLY_MEMBERS,
        /** An event of these types may come without a key, and then it is no member's. */
        KEY_OPTIONAL
    }

    public Lifecycle {
        traits = Set.copyOf(traits);
        if (traits.contains(Trait.EVICTED_WHOLE) && !traits.contains(Trait.OWN_TOPICS)) {
            throw new IllegalArgumentException("members that are evicted as a whole need topics of their own");
        }
    }

    static Lifecycle of(String created, String changed) {
        return new Lifecycle(
                new EventType(created), new EventType(changed), Optional.empty(), Optional.empty(), Set.of());
    }

    Lifecycle adding(String type) {
        return new Lifecycle(created, changed, Optional.of(new EventType(type)), ending, traits);
    }

    Lifecycle endedBy(Ending end) {
        return new Lifecycle(created, changed, added, Optional.of(end), traits);
    }

    Lifecycle with(Trait... given) {
        return new Lifecycle(created, changed, added, ending, Set.of(given));
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Returns the types of the events before the last one that must have a key. */
    Stream<EventType> keyedTypes() {
        return has(Trait.KEY_OPTIONAL) ? Stream.empty() : Stream.concat(Stream.of(created, changed), added.stream());
    }

    /** Returns the types of all events that hold a member. */
    List<EventType> types() {
        return Stream.of(Stream.of(created, changed), added.stream(), ending.map(Ending::type).stream())
                .flatMap(types -> types)
                .toList();
    }
}
