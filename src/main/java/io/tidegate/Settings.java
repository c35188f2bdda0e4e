package io.tidegate;

import io.tidegate.auth.AuthOptions;
import io.tidegate.deploy.DeployOptions;
import io.tidegate.http.HttpOptions;
import io.tidegate.journal.JournalOptions;
import io.tidegate.ops.ManagementOptions;
import io.tidegate.poll.PollOptions;
import io.tidegate.proxy.Origin;
import io.tidegate.sse.StreamOptions;
import io.tidegate.ui.UiOptions;
import java.util.List;

/**
 * The whole configuration: one component per room. {@code conf/tidegate.yaml} spells the same tree.
 *
 * @param data folder of everything the gateway keeps
 * @param origins services behind the gateway
 */
public record Settings(
        String data,
        HttpOptions http,
        ManagementOptions management,
        AuthOptions auth,
        JournalOptions journal,
        StreamOptions streams,
        PollOptions poll,
        DeployOptions deploys,
        List<Origin> origins,
        UiOptions ui) {

    public static final Settings DEFAULTS = new Settings(
            "data",
            HttpOptions.DEFAULTS,
            ManagementOptions.DEFAULTS,
            AuthOptions.DEFAULTS,
            JournalOptions.DEFAULTS,
            StreamOptions.DEFAULTS,
            PollOptions.DEFAULTS,
            DeployOptions.DEFAULTS,
            List.of(),
            UiOptions.DEFAULTS);

    public Settings {
        origins = List.copyOf(origins);
    }
}
