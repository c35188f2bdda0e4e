package io.tidegate.ops;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;

/** Drops meters of Vert.x and Netty that are incorrect, and labels whose values differ at every startup. */
final class VertxMeterFilter implements MeterFilter {

    /** The name of a meter that counts only the first group of threads, which accepts connections. */
    private static final String WORKERS = "netty.eventexecutor.workers";

    private static final String ALLOCATOR = "netty.allocator.";

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return id.getName().equals(WORKERS) || isConnectionPool(id) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }

    /**
     * Returns whether the meter belongs to a connection pool. Such pools are named after hosts and ports, and Vert.x
     * records neither their usage nor their size.
     */
    private static boolean isConnectionPool(Meter.Id id) {
        return "http".equals(id.getTag("pool_type"));
    }

    /** Drops the label with the hash code of an allocator, which is already identified by its type. */
    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith(ALLOCATOR)) {
            return id;
        }
        List<Tag> kept =
                id.getTags().stream().filter(tag -> !tag.getKey().equals("id")).toList();
        return id.replaceTags(kept);
    }
}
