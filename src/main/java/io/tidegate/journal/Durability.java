package io.tidegate.journal;

import java.util.Locale;

/** The durability guarantee for acknowledged events: the worst failure that they are guaranteed to survive. */
public enum Durability {
    /** A power failure: the bytes are forced to disk before the acknowledgement. */
    FSYNC,
    /**
     * The death of the process, for example by {@code SIGKILL}: the bytes are handed to the operating system before the
     * acknowledgement.
     */
    PROCESS,
    /** No failure: the event exists only as long as the process runs. */
    MEMORY;

    /** Returns the stronger of the two guarantees. */
    public Durability stronger(Durability other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** Returns the weaker of the two guarantees. */
    public Durability weaker(Durability other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
