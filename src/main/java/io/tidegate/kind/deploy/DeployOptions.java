package io.tidegate.kind.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The deploys that this node can run itself.
 *
 * @param recipes the recipes by name, which are the only source of commands
 * @param defaultRecipe the name of the recipe that {@code POST /start} runs
 * @param maxRuns the maximum number of runs at the same time
 * @param directory the folder with the working directory of each run, relative to the data folder
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
