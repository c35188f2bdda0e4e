package webterminal;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The entry point of the service. SIGTERM and Ctrl-C stop the service and every shell. */
public final class Main {

    private static final long LONGEST_STOP_SECONDS = 10;

    private Main() {}

    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        Options options;
        try {
            options = Options.of(List.of(arguments), System.getenv());
        } catch (IllegalArgumentException wrong) {
            System.err.print("web-terminal: " + wrong.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        Vertx vertx = Vertx.vertx();
        Service service = new Service(options);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx), "stop"));
        try {
            vertx.deployVerticle(service)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException failed) {
            System.err.println("web-terminal: " + failed.getCause());
            System.exit(1);
        }
        System.out.println("Web terminal at http://" + options.host() + ":" + service.port() + "/ (Ctrl-C stops it)");
    }

    private static void stop(Vertx vertx) {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException tooLong) {
            System.err.println("web-terminal: did not stop cleanly: " + tooLong);
        }
    }
}
