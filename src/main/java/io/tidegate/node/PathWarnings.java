package io.tidegate.node;

import io.tidegate.adapter.watch.Watch;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.edge.limit.RateRule;
import io.tidegate.edge.limit.RequestLimits;
import io.tidegate.event.Kind;
import io.tidegate.http.RootPaths;
import io.tidegate.proxy.origin.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds paths that are served by both the gateway and an origin, so that clients can reach only one of the two, as well
 * as settings that have no effect because of such paths.
 */
public final class PathWarnings {

    private final Settings settings;
    private final RootPaths own;
    private final List<String> found = new ArrayList<>();

    private PathWarnings(Settings settings) {
        this.settings = settings;
        Set<Kind> watched = settings.watches().stream().map(Watch::kind).collect(Collectors.toSet());
        this.own = new RootPaths(
                settings.ui().path(), settings.http().apiPath(), hasOriginAtRoot(), settings.kindsAtRoot(), watched);
    }

    /**
     * Returns a warning for each origin that does not receive all requests with its prefix, for each kind that is owned
     * by an origin, for gateway paths that are not at their usual place, and for each limit that does not apply to such
     * a path because it does not use the path's name.
     */
    public static List<String> of(Settings settings) {
        PathWarnings warnings = new PathWarnings(settings);
        warnings.origins();
        warnings.kinds();
        warnings.watches();
        warnings.limits();
        return warnings.found;
    }

    private boolean hasOriginAtRoot() {
        return settings.origins().stream().anyMatch(origin -> origin.prefix().equals("/"));
    }

    private void origins() {
        List<Origin> origins = settings.origins();
        for (int i = 0; i < origins.size(); i++) {
            List<String> shadowed = own.shadowing(origins.get(i).prefix());
            if (!shadowed.isEmpty()) {
                found.add("origins[" + i + "].prefix: the gateway itself serves " + String.join(", ", shadowed)
                        + ", so these paths of the origin are not accessible");
            }
        }
        if (hasOriginAtRoot()) {
            found.add("origins: because an origin has the prefix /, the gateway serves "
                    + String.join(", ", own.onlyBelowPrefix()) + " only below "
                    + settings.ui().path());
        }
    }

    private void kinds() {
        List<Kind> kinds = settings.kinds();
        for (int i = 0; i < kinds.size(); i++) {
            String path = own.at(kinds.get(i).path()).stream().findFirst().orElse("");
            Optional<Origin> owner =
                    owner(path).filter(origin -> !origin.prefix().equals("/"));
            if (owner.isPresent()) {
                found.add("kinds[" + i + "]: " + path + " belongs to the origin with the prefix "
                        + owner.get().prefix() + ", so the gateway does not serve it");
            }
        }
    }

    /**
     * Finds lists that hide a path of an origin other than the polled list. For an origin with the prefix {@code /},
     * there is a separate warning.
     */
    private void watches() {
        List<Watch> watches = settings.watches();
        for (int i = 0; i < watches.size(); i++) {
            for (String path : own.at(watches.get(i).kind().path())) {
                Optional<Origin> owner =
                        owner(path).filter(origin -> !origin.prefix().equals("/"));
                if (owner.isPresent() && !isPolled(watches.get(i), owner.get(), path)) {
                    found.add("watches[" + i + "].kind: the gateway itself serves GET " + path + ", so this path of "
                            + "the origin with the prefix " + owner.get().prefix()
                            + ", which is not the list that is polled, is not accessible");
                }
            }
        }
    }

    /** Returns whether a request for the path would reach the list that a watch polls. */
    private boolean isPolled(Watch watch, Origin owner, String path) {
        boolean same = Watches.originOf(watch, settings.origins())
                .filter(owner::equals)
                .isPresent();
        return same && watch.path().split("\\?", 2)[0].equals(owner.target(path));
    }

    private void limits() {
        RequestLimits limits = settings.limits().requests();
        for (int i = 0; i < limits.exempt().size(); i++) {
            limit("exempt[" + i + "]", limits.exempt().get(i));
        }
        List<RateRule> rules = limits.rules();
        for (int i = 0; i < rules.size(); i++) {
            limit("rules[" + i + "].prefix", rules.get(i).prefix());
        }
    }

    private void limit(String key, String prefix) {
        own.nameOf(prefix)
                .ifPresent(name -> found.add("limits.requests." + key + ": the name of the gateway's own path " + prefix
                        + " in limits is " + name + ", so this entry does not apply to it"));
    }

    /** Returns the origin with the longest prefix that covers a path. */
    private Optional<Origin> owner(String path) {
        return settings.origins().stream()
                .filter(origin -> origin.covers(path))
                .max((one, other) ->
                        Integer.compare(one.prefix().length(), other.prefix().length()));
    }
}
