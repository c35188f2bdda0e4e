package io.tidegate.kind;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Applies JSON Merge Patches (<a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>) to objects. */
final class MergePatch {

    private MergePatch() {}

    /** Returns a patched copy of the target. Neither argument is modified. */
    static JsonObject apply(JsonObject target, JsonObject patch) {
        JsonObject result = target.copy();
        merge(result, patch);
        return result;
    }

    private static void merge(JsonObject target, JsonObject patch) {
        for (Map.Entry<String, Object> change : patch.copy()) {
            String name = change.getKey();
            if (change.getValue() == null) {
                target.remove(name);
            } else if (change.getValue() instanceof JsonObject nested) {
                JsonObject merged = target.getValue(name) instanceof JsonObject object ? object : new JsonObject();
                merge(merged, nested);
                target.put(name, merged);
            } else {
                target.put(name, change.getValue());
            }
        }
    }
}
