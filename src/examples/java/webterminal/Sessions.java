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

/** The sessions there are, at most so many. Owned by one event loop. */
final class Sessions {

    /** There are as many shells as there may be. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FullException(int most) {
            super("there are " + most + " sessions already, which is as many as there may be");
        }
    }

    private final Options options;
    private final Context context;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    /** Shells end with the thread that started them, so this one stays as long as the service. */
    private final ExecutorService starter = Executors.newSingleThreadExecutor(task -> new Thread(task, "starter"));

    private int starting;
    private int numbered;

    Sessions(Options options, Context context) {
        this.options = options;
        this.context = context;
    }

    /** Fails with {@link FullException}, or with what kept the shell from starting. */
    Future<Session> create(String name, Size size) {
        if (sessions.size() + starting >= options.maxSessions()) {
            return Future.failedFuture(new FullException(options.maxSessions()));
        }
        starting++;
        numbered++;
        String id = UUID.randomUUID().toString();
        String shown = name.isBlank() ? "Shell " + numbered : name.strip();
        Promise<Session> started = Promise.promise();
        starter.execute(() -> start(id, shown, size, started));
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

    /** Done when no shell is left, nor anything that one started. */
    Future<Void> endAll() {
        starter.shutdown();
        sessions.values().forEach(Session::end);
        return Future.join(sessions.values().stream().map(Session::ended).toList())
                .mapEmpty();
    }
}
