package io.tidegate.edge.limit;

/** What this room allows. */
public record LimitOptions(RequestLimits requests, StreamLimits streams) {

    public static final LimitOptions DEFAULTS = new LimitOptions(RequestLimits.DEFAULTS, StreamLimits.DEFAULTS);
}
