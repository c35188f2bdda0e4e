package io.tidegate.edge.limit;

/** All by which a node says no to its clients. Safe from every event loop. */
public record Limits(Limiter limiter, Permits permits) {

    public static Limits of(LimitOptions options, LimitListener listener) {
        return new Limits(new Limiter(options, listener), new Permits(options.streams(), listener));
    }

    /** Goes on with these options. */
    public void reconfigure(LimitOptions options) {
        limiter.reconfigure(options);
        permits.reconfigure(options.streams());
    }
}
