package io.tidegate.edge.limit;

import io.tidegate.edge.limit.LimitMetrics.Counted;
import io.tidegate.edge.limit.LimitMetrics.Limit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Limits request rates. Thread-safe: all event loops of a node share one limiter. */
public final class Limiter {

    /** The purpose of a request, which determines its rate if no rule covers its path. */
    public enum Purpose {
        /** A publisher's request that may change data. */
        PUBLISHING,
        /** A request that will be forwarded to an origin. */
        ORIGIN,
        OTHER
    }

    private final LimitMetrics metrics;
    private final LongSupplier nanoTime;
    private volatile Rates rates;

    Limiter(LimitOptions options, LimitMetrics metrics, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.rates = new Rates(options, nanoTime);
    }

    /** Applies new options. If they differ from the current ones, every client starts with full buckets. */
    public synchronized void reconfigure(LimitOptions options) {
        if (!rates.options.equals(options)) {
            rates = new Rates(options, nanoTime);
        }
    }

    /** Returns whether requests for this path are never refused. If so, counts the request. */
    public boolean exempt(String normalizedPath) {
        for (Prefix prefix : rates.exempt) {
            if (prefix.covers(normalizedPath)) {
                countExempt();
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the name of the rate that applies to requests for a path: the name of a rule's rate, {@code exempt} or
     * {@code requests}. Does not count a request.
     */
    public String policy(String path) {
        Rates now = rates;
        if (now.exempt.stream().anyMatch(prefix -> prefix.covers(path))) {
            return "exempt";
        }
        return now.rules.keySet().stream()
                .filter(prefix -> prefix.covers(path))
                .map(Prefix::policy)
                .findFirst()
                .orElse("requests");
    }

    /** Counts a request that is exempt for a reason other than its path. */
    public void countExempt() {
        metrics.counted(Counted.EXEMPT);
    }

    /**
     * Counts a request.
     *
     * @param purpose the purpose, which determines the rate unless a rule covers the path
     * @param client the key that identifies the client
     * @return the refusal, or empty if the request is admitted
     */
    public Optional<Refused> request(String normalizedPath, Purpose purpose, String client) {
        Rates now = rates;
        Optional<Refused> refused = take(now, normalizedPath, purpose, client);
        metrics.counted(refused.isEmpty() ? Counted.PASSED : Counted.REFUSED);
        return refused;
    }

    private static Optional<Refused> take(Rates rates, String normalizedPath, Purpose purpose, String client) {
        for (Map.Entry<Prefix, Buckets> rule : rates.rules.entrySet()) {
            if (rule.getKey().covers(normalizedPath)) {
                return rule.getValue().take(client);
            }
        }
        return switch (purpose) {
            case PUBLISHING -> rates.publishing.take(client);
            case ORIGIN -> rates.origins.take(client);
            case OTHER -> rates.others.take(client);
        };
    }

    /**
     * Counts a request for a stream, as {@link #request} does for other requests. Returns the refusal, or empty if the
     * request is admitted.
     */
    public Optional<Refused> attempt(String client) {
        Optional<Refused> refused = rates.attempts.take(client);
        if (refused.isPresent()) {
            metrics.streamRefused(Limit.ATTEMPTS);
        }
        return refused;
    }

    /** The buckets of one configuration. */
    private static final class Rates {

        private final LimitOptions options;
        private final List<Prefix> exempt;
        /** The rules, sorted by prefix length, longest first. */
        private final Map<Prefix, Buckets> rules = new LinkedHashMap<>();

        private final Buckets publishing;
        private final Buckets origins;
        private final Buckets others;
        private final Buckets attempts;

        private Rates(LimitOptions options, LongSupplier nanoTime) {
            this.options = options;
            RequestLimits requests = options.requests();
            exempt = requests.exempt().stream().map(Prefix::new).toList();
            requests.rules().stream()
                    .sorted(Comparator.comparing(
                                    (RateRule rule) -> rule.prefix().length())
                            .reversed())
                    .forEach(rule -> {
                        Prefix prefix = new Prefix(rule.prefix());
                        rules.put(prefix, buckets(prefix.policy(), rule.rate(), nanoTime));
                    });
            publishing = buckets("publishing", requests.publishing(), nanoTime);
            origins = buckets("origins", requests.origins(), nanoTime);
            others = buckets("requests", requests.others(), nanoTime);
            attempts = buckets("streams", options.streams().attempts(), nanoTime);
        }

        private Buckets buckets(String policy, Rate rate, LongSupplier nanoTime) {
            return new Buckets(policy, rate, options.requests().clients(), nanoTime);
        }
    }
}
