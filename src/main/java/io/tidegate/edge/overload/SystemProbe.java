package io.tidegate.edge.overload;

/** Reads the resource limits and the resource usage of the process. */
interface SystemProbe {

    /** Returns the number of open files and sockets. May take milliseconds if there are many. */
    long descriptors();

    /** Returns the maximum number of open files and sockets; 0 if unknown. */
    long descriptorLimit();

    /** Returns the number of bytes that were in use in the old generation after its last garbage collection. */
    long heap();

    /**
     * Returns the number of bytes that are in use in the old generation now, including garbage; 0 if the collector is
     * not the serial collector.
     */
    long heapNow();

    /** Returns the maximum size of the old generation in bytes; 0 if unknown. */
    long heapLimit();

    /** Runs a full garbage collection, which stops all threads for about ten milliseconds. */
    void collect();

    /** Returns the amount of direct memory in buffers that are in use, in bytes. */
    long buffers();
}
