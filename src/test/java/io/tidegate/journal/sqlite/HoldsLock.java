package io.tidegate.journal.sqlite;

import java.nio.file.Path;

/** The main class of a second process, which locks a data folder until its standard input ends. */
final class HoldsLock {

    private HoldsLock() {}

    public static void main(String[] args) throws Exception {
        try (DataFolder folder = DataFolder.open(Path.of(args[0]))) {
            System.out.println("holding " + folder.database());
            System.in.read();
        }
    }
}
