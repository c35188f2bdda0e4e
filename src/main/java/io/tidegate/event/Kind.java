package io.tidegate.event;

import java.util.Optional;
import java.util.Set;

/** The family a topic belongs to, told by its first segment. Retention, snapshots and metric labels go by kind. */
public enum Kind {
    SESSIONS("sessions", "session", "id", "session_terminated"),
    DEPLOYS("deploys", "deploy", "id", ""),
    INSTANCES("instances", "instance", "id", "instance_removed"),
    ITEMS("items", "item", "part_number", "item.deleted"),
    /** Every topic that belongs to none of the four. */
    OTHER("other", "other", "", "");

    private static final Set<String> CHANGES = Set.of(
            "session_created",
            "session_updated",
            "instance_created",
            "instance_updated",
            "item.created",
            "item.updated",
            "item.revision_added");

    private final String plural;
    private final String singular;
    private final String identity;
    private final String ending;

    Kind(String plural, String singular, String identity, String ending) {
        this.plural = plural;
        this.singular = singular;
        this.identity = identity;
        this.ending = ending;
    }

    /** First segment of the kind's topics, path segment of its routes, and name of its list in JSON. */
    public String plural() {
        return plural;
    }

    /** Name of one member in JSON. */
    public String singular() {
        return singular;
    }

    /** Name of the member's own member that holds its key in JSON; empty for {@link #OTHER}. */
    public String identity() {
        return identity;
    }

    /** Whether an event of this type tells of one member, and is therefore nothing without a key. */
    boolean needsKey(EventType type) {
        return ends(type) || CHANGES.contains(type.name());
    }

    /** Whether an event of this type is the last of its key: the key then leaves the latest state. */
    public boolean ends(EventType type) {
        return type.name().equals(ending);
    }

    /** The type of the last event of a member; none where members never end. */
    Optional<String> ending() {
        return ending.isEmpty() ? Optional.empty() : Optional.of(ending);
    }

    /** The kind with this plural, when it is one of the four that have routes of their own. */
    public static Optional<Kind> named(String plural) {
        for (Kind kind : values()) {
            if (kind != OTHER && kind.plural.equals(plural)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    static Kind ofTopic(String topic) {
        int slash = topic.indexOf('/');
        return named(slash < 0 ? topic : topic.substring(0, slash)).orElse(OTHER);
    }
}
