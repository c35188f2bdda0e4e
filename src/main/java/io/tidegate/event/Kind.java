package io.tidegate.event;

import static io.tidegate.event.Lifecycle.Trait.EVICTED_WHOLE;
import static io.tidegate.event.Lifecycle.Trait.KEY_OPTIONAL;
import static io.tidegate.event.Lifecycle.Trait.LISTS_ONLY_MEMBERS;
import static io.tidegate.event.Lifecycle.Trait.OWN_TOPICS;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The family to which a topic belongs, as determined by the topic's first segment. Each constant declares all
 * properties of its kind, from which routes, rules, retention, durability, lists, streams, watches and metric labels
 * are derived.
 */
@SuppressWarnings("ImmutableEnumChecker") // the field types are immutable but not annotated as such
public enum Kind {
    SESSIONS(
            "session",
            "id",
            Lifecycle.of("session_created", "session_updated")
                    .endedBy(Ending.of("session_terminated", "terminated_at").setting("status", "terminated")),
            new Operation(Verb.CREATE, ""),
            new Operation(Verb.PATCH, "/:id"),
            new Operation(Verb.DELETE, "/:id")),
    /** Deploys. The log of a deploy is published to the deploy's topic and is read as a whole. */
    DEPLOYS(
            "deploy",
            "id",
            Lifecycle.of("deploy_created", "deploy_status")
                    .with(OWN_TOPICS, EVICTED_WHOLE, LISTS_ONLY_MEMBERS, KEY_OPTIONAL),
            new Operation(Verb.CREATE, ""),
            new Operation(Verb.PATCH, "/:id"),
            new Operation(Verb.DELETE, "/:id"),
            new Operation(Verb.ADD, "/:id/logs")),
    INSTANCES(
            "instance",
            "id",
            Lifecycle.of("instance_created", "instance_updated").endedBy(Ending.of("instance_removed", "removed_at")),
            new Operation(Verb.PUT, "/:id"),
            new Operation(Verb.DELETE, "/:id")),
    ITEMS(
            "item",
            "part_number",
            Lifecycle.of("item.created", "item.updated")
                    .adding("item.revision_added")
                    .endedBy(Ending.of("item.deleted", "deleted_at")),
            new Operation(Verb.CREATE, "/:part"),
            new Operation(Verb.PATCH, "/:part"),
            new Operation(Verb.DELETE, "/:part"),
            new Operation(Verb.ADD, "/:part/revisions")),
    /** All topics that do not belong to any of the kinds above. This kind has no members. */
    OTHER;

    private static final Kind[] WITH_MEMBERS =
            Stream.of(values()).filter(Kind::hasMembers).toArray(Kind[]::new);
    /**
     * The types of events that must have a key on the topics of all kinds with members. The types of last events are
     * not included.
     */
    private static final Set<String> KEYED_TYPES = Stream.of(WITH_MEMBERS)
            .flatMap(kind -> kind.lifecycle().keyedTypes())
            .map(EventType::name)
            .collect(Collectors.toUnmodifiableSet());

    private final String plural = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Topic topic = new Topic(plural);
    private final TopicPattern topics = new TopicPattern(plural + "/**");
    private final String singular;
    private final String identity;
    private final Optional<Lifecycle> lifecycle;
    private final List<Operation> operations;
    private final List<EventType.Pattern> listedTypes;
    // These values are precomputed because publishing and retention need them for every event.
    private final String ending;
    private final boolean ownTopics;
    private final boolean evictedWhole;

    Kind() {
        this(Optional.empty(), "other", "", List.of());
    }

    Kind(String singular, String identity, Lifecycle lifecycle, Operation... operations) {
        this(Optional.of(lifecycle), singular, identity, List.of(operations));
    }

    Kind(Optional<Lifecycle> lifecycle, String singular, String identity, List<Operation> operations) {
        this.singular = singular;
        this.identity = identity;
        this.lifecycle = lifecycle;
        this.operations = operations;
        if (operations.stream().map(Operation::verb).distinct().count() < operations.size()) {
            throw new IllegalArgumentException("a kind must not have two operations with the same verb");
        }
        this.listedTypes = lifecycle.filter(life -> life.has(LISTS_ONLY_MEMBERS)).map(Lifecycle::types).stream()
                .flatMap(List::stream)
                .map(type -> new EventType.Pattern(type.name()))
                .toList();
        this.ending = lifecycle
                .flatMap(Lifecycle::ending)
                .map(end -> end.type().name())
                .orElse("");
        this.ownTopics = has(OWN_TOPICS);
        this.evictedWhole = has(EVICTED_WHOLE);
    }

    /**
     * Returns the plural name. It is used in configuration keys, as the first segment of topics, in route paths and as
     * the name of the list in JSON.
     */
    public String plural() {
        return plural;
    }

    /** Returns the path of the member list. */
    public String path() {
        return "/api/" + plural;
    }

    /** Returns the name of a single member in JSON. */
    public String singular() {
        return singular;
    }

    /** Returns the name of the JSON member that holds the key; empty for {@link #OTHER}. */
    public String identity() {
        return identity;
    }

    public boolean hasMembers() {
        return this != OTHER;
    }

    /**
     * Returns the lifecycle of the members.
     *
     * @throws IllegalStateException for {@link #OTHER}
     */
    public Lifecycle lifecycle() {
        return lifecycle.orElseThrow(() -> new IllegalStateException("OTHER has no members"));
    }

    /** Returns the commands that are accepted for members. */
    public List<Operation> operations() {
        return operations;
    }

    public Optional<Operation> operation(Verb verb) {
        return operations.stream().filter(one -> one.verb() == verb).findFirst();
    }

    /** Returns the topic that is named like the kind. */
    public Topic topic() {
        return topic;
    }

    /** Returns the pattern that matches the kind's topic and all topics under it. */
    public TopicPattern topics() {
        return topics;
    }

    /** Returns the topic to which a member's events are published. */
    public Topic topicOf(String key) {
        return ownTopics ? new Topic(plural + '/' + key) : topic;
    }

    /** Returns a draft whose data is a complete member. */
    public Draft draft(EventType type, String key, JsonText member) {
        return new Draft(topicOf(key), type, Optional.of(key), member);
    }

    /** Returns the types of the events that streams of the kind contain; an empty list stands for every type. */
    public List<EventType.Pattern> listedTypes() {
        return listedTypes;
    }

    /** Returns whether retention keeps or evicts each topic of the kind as a whole. */
    public boolean evictedWhole() {
        return evictedWhole;
    }

    /** Returns whether an event of this type on a topic of the kind contains a member and must therefore have a key. */
    boolean needsKey(EventType type) {
        return ends(type) || KEYED_TYPES.contains(type.name());
    }

    /** Returns whether an event of this type is the last one of its key and removes the key from the latest state. */
    public boolean ends(EventType type) {
        return type.name().equals(ending);
    }

    /** Returns the kinds that have members and therefore lists and routes. */
    public static List<Kind> withMembers() {
        return List.of(WITH_MEMBERS);
    }

    /** Returns the kind that has this plural name and has members, if there is one. */
    public static Optional<Kind> named(String plural) {
        for (Kind kind : WITH_MEMBERS) {
            if (kind.plural.equals(plural)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    static Kind ofTopic(String topic) {
        for (Kind kind : WITH_MEMBERS) {
            if (kind.isFirstSegmentOf(topic)) {
                return kind;
            }
        }
        return OTHER;
    }

    private boolean isFirstSegmentOf(String name) {
        int end = plural.length();
        return name.startsWith(plural) && (name.length() == end || name.charAt(end) == '/');
    }

    private boolean has(Lifecycle.Trait trait) {
        return lifecycle.filter(life -> life.has(trait)).isPresent();
    }
}
