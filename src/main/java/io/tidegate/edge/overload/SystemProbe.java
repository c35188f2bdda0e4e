package io.tidegate.edge.overload;

/** Reads the resources of the process and their use. */
interface SystemProbe {

    /** Returns the number of open files and sockets; may take milliseconds if there are many. */
    long descriptors();

    /** Returns the maximum number of open files and sockets; 0 if unknown. */
    long descriptorLimit();

    /** Returns the bytes of the old generation that were in use after its last collection. */
    long heap();

    /**
     * Returns the bytes of the old generation that are in use now, including garbage; 0 if the collector is not the
     * serial one.
     */
    long heapNow();

    /** Returns the maximum size of the old generation in bytes; 0 if unknown. */
    long heapLimit();

    /** Collects the whole heap, which stops all threads for about ten milliseconds. */
    void collect();
}
