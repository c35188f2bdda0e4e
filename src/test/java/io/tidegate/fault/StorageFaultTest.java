package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.fault.FaultReader.Plan;
import io.tidegate.fixture.Needs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a full disk, and a disk that loses confirmed writes. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class StorageFaultTest {

    private static final int TMPFS_MIB = 24;
    private static final int BALLAST = 16 << 20;

    @TempDir
    private Path folder;

    /**
     * Publishers get 507 while streams and reads continue. Publishing resumes in the same process once there is space.
     */
    @Test
    @Needs("mount")
    void aFullDiskRefusesAndRecovers() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(mount(disk), "only root can mount a small disk");
        try (NodeProcess node = new NodeProcess(folder, disk.resolve("data")).set("streams.retry", "100ms")) {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[BALLAST]);
            node.start();
            try (Scene scene = Scene.of(node)) {
                scene.open(4, Plan.of(Scene.PATH));
                Publisher publisher = scene.publishers().add(new Publisher.Plan("fault/full", 8, 0, 8_000));
                int tries = fill(publisher);
                assertEquals(507, publisher.lastStatus(), "status of a publish on a full disk, after " + tries);
                scene.open(4, Plan.of(Scene.PATH).from(scene.publishers().lastAcknowledged()));
                for (int i = 0; i < 20; i++) {
                    publisher.publish();
                }
                Files.delete(ballast);
                scene.finish("disk full", "status=" + publisher.lastStatus() + " requests=" + tries);
            }
        } finally {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static int fill(Publisher publisher) {
        int tries = 0;
        while (publisher.publish()) {
            tries++;
            assertTrue(tries < 5_000, "the disk did not fill up");
        }
        return tries;
    }

    /**
     * The disk confirmed writes of the write-ahead log but lost its tail, so acknowledged events are lost. Every reader
     * whose position is after the last remaining event or before a lost event must be notified, or the gateway must
     * refuse to start.
     */
    @Test
    void aTornTailIsNeverSilent() throws Exception {
        SplittableRandom random = Kit.random();
        int rounds = Kit.size("tears", 4, 12);
        int refused = 0;
        try (NodeProcess node =
                        new NodeProcess(folder).set("streams.retry", "50ms").start();
                Scene scene = Scene.of(node)) {
            scene.open(6, Plan.of(Scene.PATH));
            scene.publish(4, 800, 2, 200);
            for (int round = 0; round < rounds; round++) {
                Kit.pause(random.nextInt(100, 600));
                node.kill();
                tear(node.data().resolve("journal.db-wal"), random);
                if (!node.tryStart()) {
                    assertTrue(node.errors().contains("journal.db"), node.errors());
                    refused++;
                    moveAway(node.data(), round);
                    node.start();
                }
            }
            scene.finish("torn tail", "rounds=" + rounds + " starts-refused=" + refused);
        }
    }

    private static void tear(Path log, SplittableRandom random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(random.nextLong(file.length() + 1));
        }
    }

    /** Follows the instruction in the error message of the refused start. */
    private static void moveAway(Path data, int round) throws IOException {
        for (String name : new String[] {"journal.db", "journal.db-wal", "journal.db-shm"}) {
            if (Files.exists(data.resolve(name))) {
                Files.move(data.resolve(name), data.resolve(round + "." + name));
            }
        }
    }

    private static boolean mount(Path disk) throws IOException, InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=" + TMPFS_MIB + "m", "tmpfs", disk.toString()) == 0;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
