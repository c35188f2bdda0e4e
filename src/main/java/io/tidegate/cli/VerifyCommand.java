package io.tidegate.cli;

import io.tidegate.journal.history.JournalOptions.Store;
import io.tidegate.journal.sqlite.SqliteVerifier;
import io.tidegate.node.Settings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Compares the journal in the data folder with its checksums and prints every finding. */
@Command(
        name = "verify",
        description = {
            "Compare the journal in the data folder with its checksums and print every finding.",
            "Changes nothing; the gateway may be running."
        })
final class VerifyCommand implements Callable<Integer> {

    private final Tidegate tidegate;

    VerifyCommand(Tidegate tidegate) {
        this.tidegate = tidegate;
    }

    @Override
    public Integer call() {
        Optional<Settings> settings = tidegate.settings();
        if (settings.isEmpty()) {
            return 1;
        }
        if (settings.get().journal().store() == Store.MEMORY) {
            tidegate.terminal().fail("journal.store: a journal in memory has no file to verify");
            return 1;
        }
        SqliteVerifier.Result result =
                SqliteVerifier.verify(Path.of(settings.get().data()));
        result.findings().forEach(tidegate.terminal()::fail);
        String unsummed = result.unsummed() == 0
                ? ""
                : ", " + result.unsummed() + " events of an earlier version have no checksum";
        tidegate.terminal()
                .out()
                .println((result.findings().isEmpty()
                                ? "ok: "
                                : result.findings().size() + " findings: ") + result.events()
                        + " events match their checksums" + unsummed);
        return result.findings().isEmpty() ? 0 : 1;
    }
}
