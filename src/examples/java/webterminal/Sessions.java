package webterminal;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** All open sessions, up to a maximum number. Owned by one event loop. */
final class Sessions {

    /** Thrown if the maximum number of sessions is open. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FullException(int limit) {
            super("the maximum of " + limit + " sessions is open");
        }
    }

    private final Options options;
    private final Context context;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    /**
     * The thread that starts shells. A shell is killed when the thread that started it ends, so this thread must live
     * as long as the service.
     */
    private final ExecutorService starter = Executors.newSingleThreadExecutor(task -> new Thread(task, "starter"));

    private int starting;
    private int created;

    Sessions(Options options, Context context) {
        this.options = options;
        this.context = context;
    }

    /**
     * Starts a session. The future fails with a {@link FullException} or with the reason why the shell could not be
     * started.
     */
    Future<Session> create(String name, Size size) {
        if (sessions.size() + starting >= options.maxSessions()) {
            return Future.failedFuture(new FullException(options.maxSessions()));
        }
        starting++;
        created++;
        String id = UUID.randomUUID().toString();
        String title = name.isBlank() ? "Shell " + created : name.strip();
        Promise<Session> started = Promise.promise();
        starter.execute(() -> start(id, title, size, started));
        return started.future();
    }

    private void start(String id, String name, Size size, Promise<Session> started) {
        try {
            Shell shell = Shell.start(id, options, size);
            context.runOnContext(v -> {
                starting--;
                Session session = new Session(id, name, size, shell, context);
                sessions.put(id, session);
                session.ended().onSuccess(ended -> sessions.remove(id));
                started.complete(session);
            });
        } catch (IOException | RuntimeException failed) {
            context.runOnContext(v -> {
                starting--;
                started.fail(failed);
            });
        }
    }

    Optional<Session> find(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    JsonArray json() {
        JsonArray list = new JsonArray();
        sessions.values().forEach(session -> list.add(session.json()));
        return list;
    }

    void ping() {
        sessions.values().forEach(Session::ping);
    }

    /** Ends all sessions. The future completes when no shell and no process that was started by one is left. */
    Future<Void> endAll() {
        starter.shutdown();
        sessions.values().forEach(Session::end);
        return Future.join(sessions.values().stream().map(Session::ended).toList())
                .mapEmpty();
    }
}
