package io.tidegate.kind.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Configures the deploys that this node itself can run.
 *
 * @param recipes the recipes, keyed by name; they are the only source of executed commands
 * @param defaultRecipe the name of the recipe that {@code POST /start} runs
 * @param maxRuns the maximum number of concurrent runs
 * @param directory the folder that contains the working directories of runs, relative to the data folder
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
