package webterminal;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Connects a shell with the page that is attached to it. Owned by one event loop; the shell's input and output each
 * have a thread. Back-pressure applies in both directions: the shell's output is read no faster than the page accepts
 * it, and the page's input is read no faster than the shell accepts it.
 */
final class Session {

    private static final int CHUNK = 16 << 10;
    /**
     * The number of bytes that the pipe may still hold when the shell has exited. It is also the number of permits that
     * are released then, which is sufficient for chunks of any size.
     */
    private static final int PIPE_BYTES = 64 << 10;

    private static final short TAKEN_OVER = 4000;
    private static final short SHELL_ENDED = 1000;

    private final String id;
    private final String name;
    private final Instant created = Instant.now();
    private final Shell shell;
    private final Context context;
    private final Scrollback scrollback = new Scrollback();
    private final ExecutorService input;
    private final Promise<Void> ended = Promise.promise();
    /** The permit that is acquired for each chunk of output and released when the page can accept another chunk. */
    private final Semaphore permit = new Semaphore(1);

    private Size size;
    private @Nullable ServerWebSocket page;
    private boolean permitHeld;

    Session(String id, String name, Size size, Shell shell, Context context) {
        this.id = id;
        this.name = name;
        this.size = size;
        this.shell = shell;
        this.context = context;
        this.input = Executors.newSingleThreadExecutor(task -> daemon(task, "input-" + name));
        daemon(this::readOutput, "output-" + name).start();
    }

    String id() {
        return id;
    }

    JsonObject json() {
        return new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("status", page == null ? "idle" : "active")
                .put("size", size.toString())
                .put("created_at", created.toString());
    }

    /** Returns a future that completes when the shell and all processes that it started have ended. */
    Future<Void> ended() {
        return ended.future();
    }

    /** Hangs up the shell. {@link #ended} then completes, even if the page does not accept the remaining output. */
    void end() {
        daemon(
                        () -> {
                            shell.end();
                            permit.release(PIPE_BYTES);
                        },
                        "end-" + name)
                .start();
    }

    /**
     * Attaches a page and detaches the previous one. Binary messages carry terminal bytes; text messages carry a new
     * size.
     */
    void attach(ServerWebSocket socket) {
        if (ended.future().isComplete()) {
            socket.close(SHELL_ENDED, "the shell has ended");
            return;
        }
        detach(TAKEN_OVER, "opened elsewhere");
        page = socket;
        socket.binaryMessageHandler(bytes -> write(socket, () -> shell.type(bytes.getBytes())));
        socket.textMessageHandler(text -> resize(socket, text));
        socket.drainHandler(drained -> releasePermit());
        socket.closeHandler(closed -> {
            if (page == socket) {
                page = null;
                releasePermit();
            }
        });
        socket.exceptionHandler(broken -> socket.close());
        socket.writeBinaryMessage(scrollback.all());
    }

    void ping() {
        if (page != null) {
            page.writePing(Buffer.buffer("terminal"));
        }
    }

    private void detach(short code, String reason) {
        ServerWebSocket previous = page;
        page = null;
        if (previous != null) {
            previous.close(code, reason);
        }
        releasePermit();
    }

    private void resize(ServerWebSocket socket, String text) {
        try {
            Size newSize = Size.of(new JsonObject(text));
            size = newSize;
            write(socket, () -> shell.resize(newSize));
        } catch (DecodeException | IllegalArgumentException | ClassCastException noSize) {
            socket.close((short) 1003, "a text message must be {\"cols\":80,\"rows\":24}");
        }
    }

    private interface Input {
        void run() throws IOException;
    }

    /** Runs an action on the input thread, and pauses the socket until it has finished. */
    private void write(ServerWebSocket socket, Input action) {
        socket.pause();
        input.execute(() -> {
            try {
                action.run();
            } catch (IOException gone) {
                // The shell has ended, which is reported when its output ends.
            }
            context.runOnContext(v -> socket.resume());
        });
    }

    /** Reads the shell's output until it ends. Runs on a separate thread. */
    private void readOutput() {
        byte[] chunk = new byte[CHUNK];
        try (InputStream output = shell.output()) {
            for (int n = output.read(chunk); n >= 0; n = output.read(chunk)) {
                Buffer bytes = Buffer.buffer(Arrays.copyOf(chunk, n));
                permit.acquireUninterruptibly();
                context.runOnContext(v -> show(bytes));
            }
        } catch (IOException closed) {
            // The output was closed because the shell is being ended.
        }
        shell.end();
        context.runOnContext(v -> close());
    }

    private void show(Buffer output) {
        scrollback.add(output);
        permitHeld = true;
        if (page != null) {
            page.writeBinaryMessage(output);
        }
        if (page == null || !page.writeQueueFull()) {
            releasePermit();
        }
    }

    /** Allows the output thread to read the next chunk. */
    private void releasePermit() {
        if (permitHeld) {
            permitHeld = false;
            permit.release();
        }
    }

    private void close() {
        detach(SHELL_ENDED, "the shell has ended");
        input.shutdown();
        ended.tryComplete();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
