package io.tidegate.cli;

import io.tidegate.Settings;
import io.tidegate.config.Setting;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The gateway beside whatever else runs here, with something to look at, leaving nothing behind. */
@Command(
        name = "demo",
        description =
                "Run on free ports with a data folder that goes away at the end, and start the default recipe as soon as it runs.")
final class DemoCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Tidegate tidegate;
    private final Runner runner;

    DemoCommand(Tidegate tidegate, Runner runner) {
        this.tidegate = tidegate;
        this.runner = runner;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Scratch scratch = new Scratch("demo")) {
            Setting[] own = scratch.settings();
            Optional<Settings> settings = tidegate.settings(own);
            return settings.isPresent() ? runner.run(settings.get(), () -> tidegate.read(own), this::startRecipe) : 1;
        }
    }

    /** As any client would, so that what the page then shows is what happens. */
    private void startRecipe(Banner banner) {
        String recipe = banner.settings().deploys().defaultRecipe();
        String key = "deploys.recipes." + recipe + ".";
        if (StartFailure.doubts(banner.settings()).stream().anyMatch(line -> line.startsWith(key))) {
            // The warning has said why.
            tidegate.terminal().out().println("The deploy " + recipe + " is not started: its program is missing.");
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(banner.base() + "/api/deploys"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + banner.publisher())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("recipe", recipe).encode()))
                .build();
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            boolean done = answer.statusCode() / 100 == 2;
            tidegate.terminal()
                    .out()
                    .println(
                            done
                                    ? "The deploy " + recipe + " has begun: open the page to watch it."
                                    : "The deploy " + recipe + " was refused: " + answer.body());
        } catch (IOException failed) {
            tidegate.terminal().fail("the deploy " + recipe + " could not be started: " + failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
