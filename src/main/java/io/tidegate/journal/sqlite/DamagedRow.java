package io.tidegate.journal.sqlite;

import java.sql.SQLException;

/** Thrown if an event row does not match its checksum. */
final class DamagedRow extends SQLException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    DamagedRow(long offset) {
        super("event " + offset + " does not match its checksum");
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}
