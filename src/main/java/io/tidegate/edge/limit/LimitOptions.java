package io.tidegate.edge.limit;

/** The rates of requests and the caps of streams. */
public record LimitOptions(RequestLimits requests, StreamLimits streams) {

    public static final LimitOptions DEFAULTS = new LimitOptions(RequestLimits.DEFAULTS, StreamLimits.DEFAULTS);
}
