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
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.kind.recipe.DeployOptions;
import io.tidegate.ops.ManagementOptions;
import io.tidegate.ops.MetricsOptions;
import io.tidegate.ops.ui.UiOptions;
import io.tidegate.proxy.origin.Origin;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The whole configuration: one component per room. {@code conf/tidegate.yaml} spells the same tree. Like those of its
 * parts, the constructor refuses what cannot work with an {@link IllegalArgumentException} whose message begins with the
 * key at fault.
 *
 * @param data folder of everything the gateway keeps
 * @param origins services behind the gateway
 * @param watches lists of origins that are polled once for all clients
 * @param taps what becomes of changes that origins made
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
        List<Origin> origins,
        List<Watch> watches,
        List<Tap> taps,
        GripOptions grip,
        UiOptions ui) {

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
            GripOptions.DEFAULTS,
            UiOptions.DEFAULTS);

    public Settings {
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
                    "deploys.default-recipe names no recipe: '" + deploys.defaultRecipe() + "'");
        }
        checkDistinct(origins);
        checkWatches(watches, origins);
    }

    private static void checkWatches(List<Watch> watches, List<Origin> origins) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (int i = 0; i < watches.size(); i++) {
            Watch watch = watches.get(i);
            if (!kinds.add(watch.kind())) {
                throw new IllegalArgumentException("watches[" + i + "].kind is that of another watch");
            }
            if (Watches.originOf(watch, origins).isEmpty()) {
                throw new IllegalArgumentException(
                        "watches[" + i + "].origin is neither the prefix nor the url of an origin: " + watch.origin());
            }
        }
    }

    private static void checkDistinct(List<Origin> origins) {
        Set<String> prefixes = new HashSet<>();
        for (int i = 0; i < origins.size(); i++) {
            if (!prefixes.add(origins.get(i).prefix())) {
                throw new IllegalArgumentException("origins[" + i + "].prefix is that of another origin: "
                        + origins.get(i).prefix());
            }
        }
    }
}
