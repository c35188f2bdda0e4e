package io.tidegate.edge.overload;

/** Reads the resources of the process and their use. */
interface SystemProbe {

    /** Returns the number of open files and sockets; may take milliseconds if there are many. */
    long descriptors();

    /** Returns the maximum number of open files and sockets; 0 if unknown. */
    long descriptorLimit();

    /** Returns the number of bytes of the old generation that were in use after its last garbage collection. */
    long heap();

    /**
     * Returns the number of bytes of the old generation that are in use now, including garbage; 0 if the collector is
     * not the serial one.
     */
    long heapNow();

    /** Returns the maximum size of the old generation in bytes; 0 if unknown. */
    long heapLimit();

    /** Runs a full garbage collection, which stops all threads for about ten milliseconds. */
    void collect();

    /** Returns the number of bytes of direct memory in buffers that are in use. */
    long buffers();
}
