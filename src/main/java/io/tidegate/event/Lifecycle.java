package io.tidegate.event;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The lifecycle of a kind's members: the types of the events that contain a member, and the traits of the kind.
 *
 * @param created the type of a member's first event
 * @param changed the type of the events for later changes
 * @param added the type of the events that add something to a member; empty if nothing is added or if such events do
 *     not contain the member
 * @param ending how members end; empty if they never end
 * @param traits the properties in which the kind differs from most other kinds
 */
public record Lifecycle(
        EventType created, EventType changed, Optional<EventType> added, Optional<Ending> ending, Set<Trait> traits) {

    /** A property that most kinds do not have. */
    public enum Trait {
        /** Each member has its own topic under the kind's topic, so that a grant can name a single member. */
        OWN_TOPICS,
        /** Retention keeps or evicts all events on a member's topic together. Requires {@link #OWN_TOPICS}. */
        EVICTED_WHOLE,
        /**
         * Streams of the kind consist only of events that contain a member. Without this trait, they consist of all
         * events on the topics of the kind.
         */
        LISTS_ONLY_MEMBERS,
        /**
         * Events of the types {@link #created}, {@link #changed} and {@link #added} may be published without a key;
         * such an event does not belong to any member.
         */
        KEY_OPTIONAL
    }

    public Lifecycle {
        traits = Set.copyOf(traits);
        if (traits.contains(Trait.EVICTED_WHOLE) && !traits.contains(Trait.OWN_TOPICS)) {
            throw new IllegalArgumentException("members that are evicted as a whole must have their own topics");
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

    /** Returns the types of events that must have a key, except the type of the last event. */
    Stream<EventType> keyedTypes() {
        return has(Trait.KEY_OPTIONAL) ? Stream.empty() : Stream.concat(Stream.of(created, changed), added.stream());
    }

    /** Returns the types of all events that contain a member. */
    List<EventType> types() {
        return Stream.of(Stream.of(created, changed), added.stream(), ending.map(Ending::type).stream())
                .flatMap(types -> types)
                .toList();
    }
}
