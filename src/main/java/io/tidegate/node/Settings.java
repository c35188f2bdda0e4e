package io.tidegate.node;

import io.tidegate.adapter.grip.GripOptions;
import io.tidegate.adapter.tap.Tap;
import io.tidegate.adapter.watch.Watch;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.delivery.poll.PollOptions;
import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.overload.OverloadOptions;
import io.tidegate.event.Kind;
import io.tidegate.http.HttpOptions;
import io.tidegate.http.RootPaths;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.kind.deploy.DeployOptions;
import io.tidegate.ops.ManagementOptions;
import io.tidegate.ops.MetricsOptions;
import io.tidegate.ops.ui.UiOptions;
import io.tidegate.proxy.origin.Origin;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The whole configuration, with one component per area. {@code conf/tidegate.yaml} has the same structure. Like the
 * constructors of the components, the constructor refuses invalid values with an {@link IllegalArgumentException} whose
 * message begins with the invalid key.
 *
 * @param data the folder for all data that the gateway stores
 * @param kinds the kinds that the gateway serves at their usual paths even if an origin has the prefix {@code /}
 * @param origins the services behind the gateway
 * @param watches the lists at origins that the gateway polls once on behalf of all clients
 * @param taps the rules that turn changes made by origins into events
 */
public record Settings(
        String data,
        HttpOptions http,
        ManagementOptions management,
        MetricsOptions metrics,
        AuthOptions auth,
        JournalOptions journal,
        StreamOptions streams,
        PollOptions poll,
        OverloadOptions overload,
        LimitOptions limits,
        DeployOptions deploys,
        List<Kind> kinds,
        List<Origin> origins,
        List<Watch> watches,
        List<Tap> taps,
        GripOptions grip,
        UiOptions ui,
        ShutdownOptions shutdown) {

    public static final Settings DEFAULTS = new Settings(
            "data",
            HttpOptions.DEFAULTS,
            ManagementOptions.DEFAULTS,
            MetricsOptions.DEFAULTS,
            AuthOptions.DEFAULTS,
            JournalOptions.DEFAULTS,
            StreamOptions.DEFAULTS,
            PollOptions.DEFAULTS,
            OverloadOptions.DEFAULTS,
            LimitOptions.DEFAULTS,
            DeployOptions.DEFAULTS,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            GripOptions.DEFAULTS,
            UiOptions.DEFAULTS,
            ShutdownOptions.DEFAULTS);

    public Settings {
        kinds = List.copyOf(kinds);
        origins = List.copyOf(origins);
        watches = List.copyOf(watches);
        taps = List.copyOf(taps);
        if (data.isBlank()) {
            throw new IllegalArgumentException("data must name a folder");
        }
        if (http.port() != 0 && http.port() == management.port() && http.host().equals(management.host())) {
            throw new IllegalArgumentException("management.port must differ from http.port");
        }
        if (!deploys.recipes().containsKey(deploys.defaultRecipe())) {
            throw new IllegalArgumentException(
                    "deploys.default-recipe must name a recipe, not '" + deploys.defaultRecipe() + "'");
        }
        if (kinds.contains(Kind.OTHER)) {
            throw new IllegalArgumentException("kinds must name kinds with members");
        }
        RootPaths own = new RootPaths(ui.path(), http.apiPath(), false, Set.of(), Set.of());
        own.collision().ifPresent(message -> {
            throw new IllegalArgumentException(message);
        });
        checkDistinct(origins);
        checkWatches(watches, origins);
    }

    /** Returns {@link #kinds}, with deploys added if they are configured. */
    public Set<Kind> kindsAtRoot() {
        Set<Kind> atRoot = EnumSet.noneOf(Kind.class);
        atRoot.addAll(kinds);
        if (!deploys.equals(DeployOptions.DEFAULTS)) {
            atRoot.add(Kind.DEPLOYS);
        }
        return atRoot;
    }

    private static void checkWatches(List<Watch> watches, List<Origin> origins) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (int i = 0; i < watches.size(); i++) {
            Watch watch = watches.get(i);
            if (!kinds.add(watch.kind())) {
                throw new IllegalArgumentException(
                        "watches[" + i + "].kind must differ from that of every other watch");
            }
            if (Watches.originOf(watch, origins).isEmpty()) {
                throw new IllegalArgumentException(
                        "watches[" + i + "].origin must be the prefix or the url of an origin, not " + watch.origin());
            }
        }
    }

    private static void checkDistinct(List<Origin> origins) {
        Set<String> prefixes = new HashSet<>();
        for (int i = 0; i < origins.size(); i++) {
            if (!prefixes.add(origins.get(i).prefix())) {
                throw new IllegalArgumentException(
                        "origins[" + i + "].prefix must differ from that of every other origin: "
                                + origins.get(i).prefix());
            }
        }
    }
}
