package io.tidegate.edge.limit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many requests one client may make. Of what a request could count for, the first counts: exempt, a rule (that with
 * the longest prefix), publishing, others.
 *
 * @param others requests that nothing else is said of
 * @param publishing requests of publishers other than {@code GET} and {@code HEAD}
 * @param rules rates of their own for some paths
 * @param exempt paths that are counted and never refused, as {@link Prefix} reads them
 * @param clients how many clients are known by name under each rate
 */
public record RequestLimits(Rate others, Rate publishing, List<RateRule> rules, List<String> exempt, int clients) {

    public static final RequestLimits DEFAULTS = new RequestLimits(
            new Rate(100, 100),
            new Rate(6_000_000, 100_000),
            List.of(),
            List.of("/api/sse/", "/events/", "/ws/", "/health", "/ready"),
            10_000);

    public RequestLimits {
        rules = List.copyOf(rules);
        exempt = List.copyOf(exempt);
        for (int i = 0; i < exempt.size(); i++) {
            Prefix.check("exempt[" + i + "]", exempt.get(i));
        }
        Set<Prefix> prefixes = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            if (!prefixes.add(new Prefix(rules.get(i).prefix()))) {
                throw new IllegalArgumentException("rules[" + i + "].prefix is that of another rule");
            }
        }
        if (clients <= 0) {
            throw new IllegalArgumentException("clients must be greater than 0");
        }
    }
}
