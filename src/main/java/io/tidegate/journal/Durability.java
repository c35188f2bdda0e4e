package io.tidegate.journal;

import java.util.Locale;

/** What an acknowledgement promises that the event survives. */
public enum Durability {
    /** A power cut: the bytes were forced to the disk before the answer. */
    FSYNC,
    /** The end of the process, by any signal: the bytes were handed to the operating system. */
    PROCESS,
    /** Nothing: the event lives as long as the process. */
    MEMORY;

    /** The one that promises more. */
    public Durability stronger(Durability other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The one that promises less. */
    public Durability weaker(Durability other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
