package io.tidegate.journal.sqlite;

import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.problem.Code;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Creates the tables, and migrates tables that were created by earlier versions. */
final class SqliteSchema {

    private static final String CURRENT = "3";
    /** The version whose rows have no checksums, but which is otherwise the same as the current version. */
    private static final String WITHOUT_SUMS = "2";
    /** The version before that, which also lacks the idempotency key table. */
    private static final String WITHOUT_KEYS = "1";

    /** The name of the value that contains the offset up to which event rows may lack checksums. */
    static final String UNSUMMED = "unsummed";

    private SqliteSchema() {}

    /**
     * Creates or migrates the tables. Returns whether the database already belonged to a history that has a
     * {@link HeadFile}.
     */
    static boolean prepare(SqliteWriter writer, Path file) throws SQLException {
        boolean exists = !isEmpty(writer);
        if (!exists) {
            createTables(writer);
            writer.meta("schema", CURRENT);
            writer.meta("epoch", Journal.newEpoch());
        }
        Optional<String> schema = writer.meta("schema");
        boolean withoutKeys = schema.equals(Optional.of(WITHOUT_KEYS));
        if (withoutKeys || schema.equals(Optional.of(WITHOUT_SUMS))) {
            addSums(writer);
            createTables(writer);
            writer.meta("schema", CURRENT);
            return !withoutKeys;
        }
        if (!schema.equals(Optional.of(CURRENT))) {
            throw new JournalException(
                    Code.STORAGE_UNAVAILABLE,
                    "the journal " + file + " has schema " + schema.orElse("unknown") + ", this version reads "
                            + CURRENT);
        }
        return exists;
    }

    /** Returns the offset up to which event rows may lack checksums, given the value of {@link #UNSUMMED}. */
    static long unsummedThrough(Optional<String> value) {
        return value.filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    /**
     * Adds the checksum columns. State rows, of which there are few, get their checksums immediately. Event rows remain
     * without checksums until retention removes them, because adding checksums would rewrite the whole file.
     */
    private static void addSums(SqliteWriter writer) throws SQLException {
        writer.run("ALTER TABLE event ADD COLUMN sum INTEGER");
        writer.run("ALTER TABLE latest ADD COLUMN sum INTEGER");
        writer.run("ALTER TABLE latest ADD COLUMN first_sum INTEGER");
        writer.run("ALTER TABLE extent ADD COLUMN sum INTEGER");
        new StateRows(writer).sum();
        try (ResultSet row =
                writer.prepared("SELECT coalesce(max(offset), 0) FROM event").executeQuery()) {
            writer.meta(UNSUMMED, Long.toString(row.next() ? row.getLong(1) : 0));
        }
    }

    private static void createTables(SqliteWriter writer) throws SQLException {
        try (Statement statement = writer.connection().createStatement()) {
            Sqlite.createTables(statement);
        }
    }

    private static boolean isEmpty(SqliteWriter writer) throws SQLException {
        try (ResultSet row =
                writer.prepared("SELECT count(*) FROM sqlite_master").executeQuery()) {
            return row.next() && row.getLong(1) == 0;
        }
    }
}
