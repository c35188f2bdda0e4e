package io.tidegate.edge.overload;

/** What the process has and what of it is in use. */
interface SystemProbe {

    /** Open files and sockets; may take milliseconds when they are many. */
    long descriptors();

    /** How many files and sockets may be open; 0 when unknown. */
    long descriptorLimit();

    /** Bytes of the long-lived part of the heap that the last collection of it has left. */
    long heap();

    /**
     * Bytes in use of the long-lived part of the heap, with what is to be collected; 0 where its collector is not the
     * serial one, and sees to that by itself.
     */
    long heapNow();

    /** Bytes that this part may have; 0 when unknown. */
    long heapLimit();

    /** Collects all of the heap, which stops all threads for some ten milliseconds. */
    void collect();
}
