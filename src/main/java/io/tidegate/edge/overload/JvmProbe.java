package io.tidegate.edge.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The one we run on, as the virtual machine tells. Where it does not tell, nothing is in use. */
final class JvmProbe implements SystemProbe {

    /** Its size is the number of what is in it, from Linux 6.2 on; before that it has none. */
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** What the serial collector calls the part of the heap that objects stay in. */
    private static final String TENURED = "Tenured Gen";

    private final Optional<UnixOperatingSystemMXBean> system = Optional.of(ManagementFactory.getOperatingSystemMXBean())
            .filter(UnixOperatingSystemMXBean.class::isInstance)
            .map(UnixOperatingSystemMXBean.class::cast);
    // Only the pool that objects stay in has a threshold of its own besides that after a collection.
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
        } catch (InternalError noneLeftToCountThem) {
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
    public void collect() {
        System.gc();
    }
}
