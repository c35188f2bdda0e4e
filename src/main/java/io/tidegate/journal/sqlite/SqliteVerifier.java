package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.journal.JournalException;
import io.tidegate.problem.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Verifies the journal in a data folder without changing anything. A gateway may be using the folder at the same time.
 * Blocks.
 */
public final class SqliteVerifier {

    /**
     * The result of a verification.
     *
     * @param findings one sentence for each problem that was found; empty if everything was verified
     * @param events the number of events that match their checksums
     * @param unsummed the number of events that were written by an earlier version, without checksums
     */
    public record Result(List<String> findings, long events, long unsummed) {}

    private SqliteVerifier() {}

    /**
     * Verifies the journal.
     *
     * @throws JournalException if the folder contains no journal, or the journal cannot be opened
     */
    public static Result verify(Path folder) {
        Path file = folder.resolve("journal.db");
        if (!Files.isRegularFile(file)) {
            throw new JournalException(Code.STORAGE_UNAVAILABLE, "there is no journal in " + folder);
        }
        List<String> findings = new ArrayList<>();
        try (Connection connection = Sqlite.inspector(file)) {
            String epoch = meta(connection, "epoch").orElse("?");
            long unsummedThrough = SqliteSchema.unsummedThrough(meta(connection, SqliteSchema.UNSUMMED));
            Verification.Report report =
                    Verification.of(connection, new Rows("x", unsummedThrough), new Damage(), () -> false);
            findings.addAll(report.findings());
            findings.addAll(StateRows.damaged(connection));
            lostHead(folder, epoch, report.last()).ifPresent(findings::add);
            return new Result(List.copyOf(findings), report.events(), report.unsummed());
        } catch (SQLException e) {
            if (Sqlite.damaged(e)) {
                findings.add(Sqlite.damageReport(file) + ": " + e.getMessage());
                return new Result(List.copyOf(findings), 0, 0);
            }
            throw Sqlite.failure("the journal " + file + " cannot be read", e);
        } catch (IOException e) {
            throw new JournalException(
                    Code.STORAGE_UNAVAILABLE, "the data folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<String> meta(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM meta WHERE name = ?");
                ResultSet row = Rows.bind(select, name).executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }

    /**
     * Compares the last event in the database with the last acknowledged position. Returns a finding if events are
     * missing.
     */
    private static Optional<String> lostHead(Path folder, String epoch, long last) throws IOException {
        Path file = folder.resolve("journal.head");
        String text = Files.exists(file)
                ? Files.readString(file, StandardCharsets.ISO_8859_1).strip()
                : "";
        if (!text.matches("[A-Za-z0-9]{1,32}-\\d{1,18}")) {
            return Optional.of("journal.head is missing or damaged, so the last acknowledged position is unknown");
        }
        Cursor head = Cursor.parse(text);
        return head.epoch().equals(epoch) && head.offset() <= last
                ? Optional.empty()
                : Optional.of(head + " was acknowledged, but the file ends at " + epoch + '-' + last);
    }
}
