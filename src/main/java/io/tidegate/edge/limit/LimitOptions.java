package io.tidegate.edge.limit;

/** The rate limits for requests and the caps on streams. */
public record LimitOptions(RequestLimits requests, StreamLimits streams) {

    public static final LimitOptions DEFAULTS = new LimitOptions(RequestLimits.DEFAULTS, StreamLimits.DEFAULTS);
}
