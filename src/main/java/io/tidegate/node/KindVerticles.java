package io.tidegate.node;

import io.tidegate.event.Kind;
import io.tidegate.journal.Journal;
import io.tidegate.kind.KindVerticle;
import io.tidegate.kind.LifecycleRules;
import io.tidegate.kind.deploy.DeployVerticle;
import io.tidegate.kind.item.ItemRules;
import io.tidegate.kind.item.ServerStateRules;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Creates the verticles that run the commands of the kinds. Kinds without specific rules use {@link LifecycleRules}.
 */
final class KindVerticles {

    private KindVerticles() {}

    static List<KindVerticle> of(Journal journal, Clock clock, DeployVerticle deploys) {
        Map<Kind, KindVerticle> verticles = new EnumMap<>(Map.of(
                Kind.DEPLOYS, deploys,
                Kind.ITEMS, new KindVerticle(Kind.ITEMS, new ItemRules(clock), journal),
                Kind.OTHER, new KindVerticle(Kind.OTHER, new ServerStateRules(), journal)));
        Kind.withMembers()
                .forEach(kind -> verticles.computeIfAbsent(
                        kind, plain -> new KindVerticle(plain, LifecycleRules.of(plain, clock), journal)));
        return List.copyOf(verticles.values());
    }
}
