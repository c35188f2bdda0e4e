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
 * The family a topic belongs to, named by the topic's first segment. Each constant declares all that distinguishes its
 * kind; routes, rules, retention, durability, lists, streams, watches and metric labels follow from it.
 */
@SuppressWarnings("ImmutableEnumChecker") // the fields hold immutable values of types that are not annotated so
public enum Kind {
    SESSIONS(
            "session",
            "id",
            Lifecycle.of("session_created", "session_updated")
                    .endedBy(Ending.of("session_terminated", "terminated_at").setting("status", "terminated")),
            new Operation(Verb.CREATE, ""),
            new Operation(Verb.PATCH, "/:id"),
            new Operation(Verb.DELETE, "/:id")),
    /** The log of a deploy is on the topic of that deploy and is read as a whole. */
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
    /** Every topic that belongs to none of the kinds above; it has no members. */
    OTHER;

    private static final Kind[] WITH_MEMBERS =
            Stream.of(values()).filter(Kind::hasMembers).toArray(Kind[]::new);
    /** The types, of whichever kind, that are not the last of a member and must have a key on the topics of all kinds. */
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
    // What publishing and retention ask for every event stands here ready.
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
            throw new IllegalArgumentException("a kind has one operation of a verb");
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
     * Returns the name in configuration keys, the first segment of the kind's topics, the path segment of its routes, and
     * the name of its list in JSON.
     */
    public String plural() {
        return plural;
    }

    /** Returns the name of one member in JSON. */
    public String singular() {
        return singular;
    }

    /** Returns the name of the member's own member that holds its key in JSON; empty for {@link #OTHER}. */
    public String identity() {
        return identity;
    }

    public boolean hasMembers() {
        return this != OTHER;
    }

    /**
     * Returns the life of the kind's members.
     *
     * @throws IllegalStateException for {@link #OTHER}
     */
    public Lifecycle lifecycle() {
        return lifecycle.orElseThrow(() -> new IllegalStateException("other topics have no members"));
    }

    /** Returns the commands that members accept. */
    public List<Operation> operations() {
        return operations;
    }

    public Optional<Operation> operation(Verb verb) {
        return operations.stream().filter(one -> one.verb() == verb).findFirst();
    }

    /** Returns the kind's own topic. */
    public Topic topic() {
        return topic;
    }

    /** Returns the pattern of the kind's own topic and all topics below it. */
    public TopicPattern topics() {
        return topics;
    }

    /** Returns the topic of a member's events. */
    public Topic topicOf(String key) {
        return ownTopics ? new Topic(plural + '/' + key) : topic;
    }

    /** Makes an event that holds a whole member. */
    public Draft draft(EventType type, String key, JsonText member) {
        return new Draft(topicOf(key), type, Optional.of(key), member);
    }

    /** Returns the types of the events that the kind's streams show; empty means every type. */
    public List<EventType.Pattern> listedTypes() {
        return listedTypes;
    }

    /** Whether retention keeps or evicts each topic of the kind as a whole. */
    public boolean evictedWhole() {
        return evictedWhole;
    }

    /** Whether an event of this type on the kind's topics holds a member, and therefore must have a key. */
    boolean needsKey(EventType type) {
        return ends(type) || KEYED_TYPES.contains(type.name());
    }

    /** Whether an event of this type is the last of its key: the key then leaves the latest state. */
    public boolean ends(EventType type) {
        return type.name().equals(ending);
    }

    /** Returns the kinds that have members, lists and routes of their own. */
    public static List<Kind> withMembers() {
        return List.of(WITH_MEMBERS);
    }

    /** Returns the kind with this plural, if it has members. */
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
            if (kind.leads(topic)) {
                return kind;
            }
        }
        return OTHER;
    }

    private boolean leads(String name) {
        int end = plural.length();
        return name.startsWith(plural) && (name.length() == end || name.charAt(end) == '/');
    }

    private boolean has(Lifecycle.Trait trait) {
        return lifecycle.filter(life -> life.has(trait)).isPresent();
    }
}
