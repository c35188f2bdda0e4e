package io.tidegate.node;

import io.tidegate.event.Kind;
import io.tidegate.http.RootPaths;
import io.tidegate.proxy.origin.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds paths that are served by both the gateway and an origin, so that clients can reach only one of the two. */
public final class PathWarnings {

    private PathWarnings() {}

    /**
     * Returns a warning for each origin that does not receive all requests with its prefix, and one for gateway paths
     * that are available only under the path of the pages.
     */
    public static List<String> of(Settings settings) {
        List<Origin> origins = settings.origins();
        boolean originAtRoot =
                origins.stream().anyMatch(origin -> origin.prefix().equals("/"));
        Set<Kind> watched =
                settings.watches().stream().map(watch -> watch.kind()).collect(Collectors.toSet());
        RootPaths own = new RootPaths(settings.ui().path(), originAtRoot, settings.kindsAtRoot(), watched);
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < origins.size(); i++) {
            List<String> shadowed = own.shadowing(origins.get(i).prefix());
            if (!shadowed.isEmpty()) {
                warnings.add("origins[" + i + "].prefix: the gateway itself serves " + String.join(", ", shadowed)
                        + ", so these paths of the origin are not accessible");
            }
        }
        if (originAtRoot) {
            warnings.add("origins: because an origin has the prefix /, the gateway serves "
                    + String.join(", ", own.onlyBelowPrefix()) + " only below "
                    + settings.ui().path());
        }
        return warnings;
    }
}
