package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs the default recipe as the gateway does, from the working directory of the tests. */
@ExtendWith(VertxExtension.class)
class DemoRecipeTest {

    @Test
    void theDemoDeploysTheConfigurationFolder(Vertx vertx, @TempDir Path data) {
        Node node = new Node(vertx, data);
        for (Map.Entry<String, Recipe> recipe : DeployOptions.DEFAULTS.recipes().entrySet()) {
            node.recipe(
                    recipe.getKey(),
                    recipe.getValue().timeLimit(),
                    recipe.getValue().command().toArray(String[]::new));
        }
        node.start();
        String id = node.run(DeployOptions.DEFAULTS.defaultRecipe());
        JsonObject end = node.end(id);
        List<String> lines = node.lines(id);
        assertEquals("succeeded", end.getString("status"), () -> String.join("\n", lines));
        assertTrue(lines.contains("==> Deploy " + id + ": the configuration folder"));
        assertTrue(lines.contains("conf.tar: OK"));
        assertTrue(lines.contains("    same: ./recipes/demo.sh"));
        assertTrue(lines.contains("==> Done: the release equals the original"));
    }
}
