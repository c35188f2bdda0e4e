package io.tidegate.edge.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Probes this process with the JVM's management beans. Returns 0 for values that are not available. */
final class JvmProbe implements SystemProbe {

    /**
     * The directory of open descriptors. Since Linux 6.2, the size of the directory is the number of its entries; in
     * earlier versions, it is 0.
     */
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** The name of the serial collector's old generation. */
    private static final String TENURED = "Tenured Gen";

    private final Optional<UnixOperatingSystemMXBean> system = Optional.of(ManagementFactory.getOperatingSystemMXBean())
            .filter(UnixOperatingSystemMXBean.class::isInstance)
            .map(UnixOperatingSystemMXBean.class::cast);
    // Only the old generation has both a usage threshold and a collection usage threshold.
    private final Optional<MemoryPoolMXBean> longLived = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP
                    && pool.isUsageThresholdSupported()
                    && pool.isCollectionUsageThresholdSupported())
            .findFirst();

    @Override
    public long descriptors() {
        try {
            long counted = Files.size(DESCRIPTORS);
            return counted > 0 ? counted : listed();
        } catch (IOException notOnThisSystem) {
            return listed();
        }
    }

    private long listed() {
        try {
            return system.map(UnixOperatingSystemMXBean::getOpenFileDescriptorCount)
                    .orElse(0L);
        } catch (InternalError noDescriptorLeft) {
            return descriptorLimit();
        }
    }

    @Override
    public long descriptorLimit() {
        return system.map(UnixOperatingSystemMXBean::getMaxFileDescriptorCount).orElse(0L);
    }

    @Override
    public long heap() {
        return longLived
                .map(MemoryPoolMXBean::getCollectionUsage)
                .map(MemoryUsage::getUsed)
                .orElse(0L);
    }

    @Override
    public long heapNow() {
        return longLived
                .filter(pool -> pool.getName().equals(TENURED))
                .map(MemoryPoolMXBean::getUsage)
                .map(MemoryUsage::getUsed)
                .orElse(0L);
    }

    @Override
    public long heapLimit() {
        return longLived
                .map(MemoryPoolMXBean::getUsage)
                .map(MemoryUsage::getMax)
                .orElse(0L);
    }

    @Override
    public long buffers() {
        long pooled = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        // Without the JVM options that the launcher sets, Netty has a different default allocator, which Vert.x then
        // uses.
        return ByteBufAllocator.DEFAULT instanceof AdaptiveByteBufAllocator other
                ? pooled + other.metric().usedDirectMemory()
                : pooled;
    }

    @Override
    public void collect() {
        System.gc();
    }
}
