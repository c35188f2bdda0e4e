package io.tidegate.kind.recipe;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Which deploys this node can run itself.
 *
 * @param recipes by name; nothing else can name a command
 * @param defaultRecipe what {@code POST /start} runs
 * @param maxRuns how many may run at the same time
 * @param directory folder under which each run gets a working directory of its own, relative to the data folder
 */
public record DeployOptions(Map<String, Recipe> recipes, String defaultRecipe, int maxRuns, String directory) {

    public static final DeployOptions DEFAULTS = new DeployOptions(
            Map.of("demo", new Recipe(List.of("conf/recipes/demo.sh"), Duration.ofMinutes(10))), "demo", 4, "deploys");

    public DeployOptions {
        recipes = Map.copyOf(recipes);
        if (maxRuns <= 0) {
            throw new IllegalArgumentException("max-runs must be greater than 0");
        }
        if (directory.isBlank()) {
            throw new IllegalArgumentException("directory must name a folder");
        }
    }
}
