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
 * A shell and the page that looks at it. Owned by one event loop; what the shell says and hears goes by two threads of its
 * own. Nothing piles up: the shell is read no faster than the page takes it, and the page no faster than the shell does.
 */
final class Session {

    private static final int CHUNK = 16 << 10;
    /** What a pipe can hold after the shell is gone, in chunks of any size. */
    private static final int MOST_LEFT = 64 << 10;

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
    /** Taken for each chunk of output, and given back when the page can take another. */
    private final Semaphore room = new Semaphore(1);

    private Size size;
    private @Nullable ServerWebSocket page;
    private boolean owed;

    Session(String id, String name, Size size, Shell shell, Context context) {
        this.id = id;
        this.name = name;
        this.size = size;
        this.shell = shell;
        this.context = context;
        this.input = Executors.newSingleThreadExecutor(task -> daemon(task, "input-" + name));
        daemon(this::listen, "output-" + name).start();
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

    /** Done when the shell has ended, by itself or not, and with it all that it started. */
    Future<Void> ended() {
        return ended.future();
    }

    /** Hangs up; {@link #ended} follows, also where the page takes nothing of what is left. */
    void end() {
        daemon(
                        () -> {
                            shell.end();
                            room.release(MOST_LEFT);
                        },
                        "end-" + name)
                .start();
    }

    /** Bytes of the terminal are binary messages; a text message is a new size. Only one page at a time is attached. */
    void attach(ServerWebSocket socket) {
        if (ended.future().isComplete()) {
            socket.close(SHELL_ENDED, "the shell has ended");
            return;
        }
        detach(TAKEN_OVER, "opened elsewhere");
        page = socket;
        socket.binaryMessageHandler(bytes -> hear(socket, () -> shell.type(bytes.getBytes())));
        socket.textMessageHandler(text -> resize(socket, text));
        socket.drainHandler(drained -> repay());
        socket.closeHandler(closed -> {
            if (page == socket) {
                page = null;
                repay();
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
        ServerWebSocket before = page;
        page = null;
        if (before != null) {
            before.close(code, reason);
        }
        repay();
    }

    private void resize(ServerWebSocket socket, String text) {
        try {
            Size wanted = Size.of(new JsonObject(text));
            size = wanted;
            hear(socket, () -> shell.resize(wanted));
        } catch (DecodeException | IllegalArgumentException | ClassCastException noSize) {
            socket.close((short) 1003, "a text message must be {\"cols\":80,\"rows\":24}");
        }
    }

    private interface Hearing {
        void run() throws IOException;
    }

    /** One thing at a time; the next message is not taken before. */
    private void hear(ServerWebSocket socket, Hearing hearing) {
        socket.pause();
        input.execute(() -> {
            try {
                hearing.run();
            } catch (IOException gone) {
                // The shell has ended, and its output tells so.
            }
            context.runOnContext(v -> socket.resume());
        });
    }

    /** On a thread of its own, to the end of the output. */
    private void listen() {
        byte[] chunk = new byte[CHUNK];
        try (InputStream output = shell.output()) {
            for (int n = output.read(chunk); n >= 0; n = output.read(chunk)) {
                Buffer said = Buffer.buffer(Arrays.copyOf(chunk, n));
                room.acquireUninterruptibly();
                context.runOnContext(v -> say(said));
            }
        } catch (IOException closed) {
            // By who ended the shell.
        }
        shell.end();
        context.runOnContext(v -> close());
    }

    private void say(Buffer said) {
        scrollback.add(said);
        owed = true;
        if (page != null) {
            page.writeBinaryMessage(said);
        }
        if (page == null || !page.writeQueueFull()) {
            repay();
        }
    }

    /** Lets the next chunk come, if one is waited for. */
    private void repay() {
        if (owed) {
            owed = false;
            room.release();
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
