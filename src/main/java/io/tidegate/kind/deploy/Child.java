package io.tidegate.kind.deploy;

import io.tidegate.event.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The child process of a run, with a thread for each of its two output streams. The run ends when the program exits;
 * processes that the program has left running are then killed.
 */
final class Child {

    /** The environment variable that contains the ID of the deploy. */
    static final String ID_VARIABLE = "TIDEGATE_DEPLOY_ID";

    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    private static final String STANDARD_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final ProcessBuilder.Redirect EMPTY_INPUT = ProcessBuilder.Redirect.from(new File("/dev/null"));
    /**
     * How long to wait, in milliseconds, for an output stream that stays open and silent after all processes of the run
     * have ended.
     */
    private static final long SILENCE_MS = 2000;

    private final String id;
    private final WorkingDirectory directory;
    private final LineQueue lines;
    private final Process process;
    private final ProcessTree tree;
    private final CountDownLatch readers = new CountDownLatch(2);

    private Child(String id, WorkingDirectory directory, LineQueue lines, Process process) {
        this.id = id;
        this.directory = directory;
        this.lines = lines;
        this.process = process;
        this.tree = ProcessTree.of(process.toHandle(), id, directory.path());
    }

    /**
     * Starts the recipe's program in a new directory with an empty standard input. Blocks.
     *
     * @throws IOException if the program does not exist or the directory cannot be created
     */
    static Child start(Recipe recipe, String id, WorkingDirectory directory, LineQueue lines) throws IOException {
        directory.create();
        try {
            ProcessBuilder builder = new ProcessBuilder(command(recipe));
            builder.directory(directory.path().toFile());
            builder.environment().clear();
            builder.environment().putAll(environment(id, directory.path()));
            builder.redirectInput(EMPTY_INPUT);
            Child child = new Child(id, directory, lines, builder.start());
            child.read(LogLine.Stream.STDOUT, child.process.getInputStream());
            child.read(LogLine.Stream.STDERR, child.process.getErrorStream());
            return child;
        } catch (IOException e) {
            directory.remove();
            throw e;
        }
    }

    /**
     * Returns a future that completes with the exit code when the program and all processes that it has left behind
     * have ended, the last line has been queued, the queue has been closed, and the directory has been removed.
     */
    Future<Integer> ended(Vertx vertx, EventLoop loop) {
        return loop.bring(Future.fromCompletionStage(process.onExit()))
                .compose(exited -> vertx.executeBlocking(this::cleanUp, false));
    }

    /** Kills the program and all processes that it has started. {@link #ended} completes when that is done. */
    void end(Vertx vertx) {
        vertx.executeBlocking(tree::end, false)
                .onFailure(failure -> LOG.error("event=deploy-end-failed deploy={}", id, failure));
    }

    private static List<String> command(Recipe recipe) {
        List<String> command = new ArrayList<>(recipe.command());
        if (command.get(0).indexOf('/') >= 0) {
            command.set(0, Path.of(command.get(0)).toAbsolutePath().normalize().toString());
        }
        return command;
    }

    private static Map<String, String> environment(String id, Path home) {
        return Map.of(
                "PATH",
                System.getenv().getOrDefault("PATH", STANDARD_PATH),
                "LANG",
                "C.UTF-8",
                "HOME",
                home.toString(),
                "TMPDIR",
                home.toString(),
                ID_VARIABLE,
                id);
    }

    private void read(LogLine.Stream stream, InputStream output) {
        Thread reader = new Thread(() -> copy(stream, output), "deploy-" + id + '-' + stream.text());
        reader.setDaemon(true);
        reader.start();
    }

    private void copy(LogLine.Stream stream, InputStream output) {
        LineSplitter splitter = new LineSplitter((text, truncated) -> lines.put(stream, text, truncated));
        byte[] chunk = new byte[LineSplitter.MAX_BYTES];
        try (output) {
            for (int length = output.read(chunk); length >= 0; length = output.read(chunk)) {
                splitter.feed(chunk, length);
            }
            splitter.finish();
        } catch (IOException e) {
            LOG.warn("event=deploy-output-broken deploy={} stream={}", id, stream.text(), e);
        } finally {
            readers.countDown();
        }
    }

    private int cleanUp() throws InterruptedException {
        try {
            if (!tree.end()) {
                LOG.warn("event=deploy-processes-left deploy={}", id);
            }
            awaitReaders();
        } finally {
            lines.close();
        }
        directory.remove();
        return process.exitValue();
    }

    /**
     * Waits for both readers. If an output stream stays open and silent, it is held open by a process that cannot be
     * found, and this method stops waiting for it.
     */
    private void awaitReaders() throws InterruptedException {
        while (!readers.await(SILENCE_MS, TimeUnit.MILLISECONDS)) {
            if (!lines.full()) {
                LOG.warn("event=deploy-output-abandoned deploy={}", id);
                return;
            }
        }
    }
}
