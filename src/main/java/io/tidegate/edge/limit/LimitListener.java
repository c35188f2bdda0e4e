package io.tidegate.edge.limit;

/** Learns what was allowed and what was not, on the event loop of the request. */
public interface LimitListener {

    LimitListener NONE = new LimitListener() {};

    /** What became of a request. */
    enum Counted {
        /** It was counted for its client. */
        PASSED,
        /** It was one too many. */
        REFUSED,
        /** It was one of those that are never refused. */
        EXEMPT
    }

    /** Which limit refused a stream. */
    enum Limit {
        NODE,
        SUBJECT,
        ADDRESS,
        ATTEMPTS
    }

    default void counted(Counted counted) {}

    default void streamRefused(Limit limit) {}
}
