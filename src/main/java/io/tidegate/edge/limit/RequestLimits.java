package io.tidegate.edge.limit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The request rates. A request counts towards the first of these that applies: exempt, a rule (the one with the longest
 * prefix), publishing, origins, others.
 *
 * @param others the rate for requests to which no other rate applies
 * @param publishing the rate for publishers' requests other than {@code GET} and {@code HEAD}
 * @param origins the rate for requests to an origin; loading one page of an application takes dozens of requests
 * @param rules the separate rates for paths under certain prefixes
 * @param exempt the prefixes of paths for which requests are counted but never refused, as interpreted by
 *     {@link Prefix}
 * @param clients the maximum number of clients, per rate, that have separate buckets
 */
public record RequestLimits(
        Rate others, Rate publishing, Rate origins, List<RateRule> rules, List<String> exempt, int clients) {

    public static final RequestLimits DEFAULTS = new RequestLimits(
            new Rate(100, 100),
            new Rate(6_000_000, 100_000),
            new Rate(6_000, 2_000),
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
                throw new IllegalArgumentException("rules[" + i + "].prefix must differ from that of every other rule");
            }
        }
        if (clients <= 0) {
            throw new IllegalArgumentException("clients must be greater than 0");
        }
    }
}
