package io.tidegate.journal.sqlite;

import java.nio.file.Path;

/** A second process that holds a data folder until its input ends. */
final class HoldsLock {

    private HoldsLock() {}

    public static void main(String[] args) throws Exception {
        try (DataFolder folder = DataFolder.open(Path.of(args[0]))) {
            System.out.println("holding " + folder.database());
            System.in.read();
        }
    }
}
