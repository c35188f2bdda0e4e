package io.tidegate.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the process has and what of it is in use, as the virtual machine tells. Where it does not tell, nothing is in use. */
interface Machine {

    /** Its size is the number of what is in it, from Linux 6.2 on; before that it has none. */
    Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Open files and sockets; takes milliseconds when they are many and have to be listed. */
    long descriptors();

    /** How many files and sockets may be open; 0 when unknown. */
    long descriptorLimit();

    /** Bytes of the long-lived part of the heap that the last collection of it has left. */
    long heap();

    /** Bytes in use of the long-lived part of the heap, with what is to be collected. */
    long heapNow();

    /** Bytes that this part may have; 0 when unknown. */
    long heapLimit();

    /** Collects all of the heap, which stops all threads for some ten milliseconds. */
    void collect();

    /** The one we run on. */
    static Machine here() {
        Optional<UnixOperatingSystemMXBean> system = Optional.of(ManagementFactory.getOperatingSystemMXBean())
                .filter(UnixOperatingSystemMXBean.class::isInstance)
                .map(UnixOperatingSystemMXBean.class::cast);
        // Only the pool that objects stay in has a threshold of its own besides that after a collection.
        Optional<MemoryPoolMXBean> longLived = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP
                        && pool.isUsageThresholdSupported()
                        && pool.isCollectionUsageThresholdSupported())
                .findFirst();
        return new Machine() {
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
                return system.map(UnixOperatingSystemMXBean::getMaxFileDescriptorCount)
                        .orElse(0L);
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
        };
    }
}
