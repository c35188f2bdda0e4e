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

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
