package io.tidegate.edge.limit;

import io.tidegate.edge.limit.LimitMetrics.Counted;
import io.tidegate.edge.limit.LimitMetrics.Limit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Limits the rates of requests. Thread-safe: all event loops of a node share one limiter. */
public final class Limiter {

    private static final long NANOS_OF_A_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LimitMetrics metrics;
    private final LongSupplier nanoTime;
    private volatile Rates rates;

    Limiter(LimitOptions options, LimitMetrics metrics, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.rates = new Rates(options, nanoTime);
    }

    /** Applies other options. If they differ from the current ones, every client starts with full buckets. */
    public synchronized void reconfigure(LimitOptions options) {
        if (!rates.options.equals(options)) {
            rates = new Rates(options, nanoTime);
        }
    }

    /** Returns whether requests for this path are never refused; counts the request if so. */
    public boolean exempt(String normalizedPath) {
        for (Prefix prefix : rates.exempt) {
            if (prefix.covers(normalizedPath)) {
                countExempt();
                return true;
            }
        }
        return false;
    }

    /** Counts a request that is exempt for a reason other than its path. */
    public void countExempt() {
        metrics.counted(Counted.EXEMPT);
    }

    /**
     * Counts a request.
     *
     * @param publishing whether the caller is a publisher and the method is not {@code GET} or {@code HEAD}
     * @param client the key of the client
     * @return the refusal, or empty if the request is admitted
     */
    public Optional<Refused> request(String normalizedPath, boolean publishing, String client) {
        Rates now = rates;
        Optional<Refused> refused = take(now, normalizedPath, publishing, client);
        metrics.counted(refused.isEmpty() ? Counted.PASSED : Counted.REFUSED);
        return refused;
    }

    private static Optional<Refused> take(Rates rates, String normalizedPath, boolean publishing, String client) {
        for (Map.Entry<Prefix, Buckets> rule : rates.rules.entrySet()) {
            if (rule.getKey().covers(normalizedPath)) {
                return take(rule.getKey().path() + '/', rule.getValue(), client);
            }
        }
        return publishing ? take("publishing", rates.publishing, client) : take("requests", rates.others, client);
    }

    /** Counts a request for a stream, as {@link #request} counts any other request. */
    public Optional<Refused> attempt(String client) {
        Optional<Refused> refused = take("streams", rates.attempts, client);
        if (refused.isPresent()) {
            metrics.streamRefused(Limit.ATTEMPTS);
        }
        return refused;
    }

    private static Optional<Refused> take(String policy, Buckets buckets, String client) {
        long nanos = buckets.take(client);
        int seconds = (int) TimeUnit.NANOSECONDS.toSeconds(nanos + NANOS_OF_A_SECOND - 1);
        return nanos == 0 ? Optional.empty() : Optional.of(new Refused(policy, buckets.rate(), seconds));
    }

    /** The buckets of one configuration. */
    private static final class Rates {

        private final LimitOptions options;
        private final List<Prefix> exempt;
        /** Ordered by the length of the prefix, the longest first. */
        private final Map<Prefix, Buckets> rules = new LinkedHashMap<>();

        private final Buckets publishing;
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
                    .forEach(rule -> rules.put(
                            new Prefix(rule.prefix()), new Buckets(rule.rate(), requests.clients(), nanoTime)));
            publishing = new Buckets(requests.publishing(), requests.clients(), nanoTime);
            others = new Buckets(requests.others(), requests.clients(), nanoTime);
            attempts = new Buckets(options.streams().attempts(), requests.clients(), nanoTime);
        }
    }
}
