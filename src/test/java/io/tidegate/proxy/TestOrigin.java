package io.tidegate.proxy;

import io.tidegate.origin.Allowance;
import io.tidegate.origin.Ejection;
import io.tidegate.origin.Health;
import io.tidegate.origin.Origin;
import io.tidegate.origin.Origin.Balance;
import io.tidegate.origin.Origin.HostPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Origins on ports of this machine, with one part or another as a test wants it. */
final class TestOrigin {

    private TestOrigin() {}

    static Origin of(String prefix, int... ports) {
        List<URI> servers = Arrays.stream(ports)
                .mapToObj(port -> URI.create("http://127.0.0.1:" + port))
                .toList();
        return with(new Origin(prefix, servers.get(0)), servers.subList(1, servers.size()));
    }

    private static Origin with(Origin o, List<URI> replicas) {
        return new Origin(
                o.prefix(),
                o.url(),
                replicas,
                o.stripPrefix(),
                o.relocate(),
                o.host(),
                o.balance(),
                o.retries(),
                o.requests(),
                o.streams(),
                o.health(),
                o.ejection());
    }

    static Origin passing(Origin o, boolean stripPrefix, HostPolicy host) {
        return new Origin(
                o.prefix(),
                o.url(),
                o.replicas(),
                stripPrefix,
                o.relocate(),
                host,
                o.balance(),
                o.retries(),
                o.requests(),
                o.streams(),
                o.health(),
                o.ejection());
    }

    static Origin choosing(Origin o, Balance balance, int retries, Health health, Ejection ejection) {
        return new Origin(
                o.prefix(),
                o.url(),
                o.replicas(),
                o.stripPrefix(),
                o.relocate(),
                o.host(),
                balance,
                retries,
                o.requests(),
                o.streams(),
                health,
                ejection);
    }

    static Origin allowing(Origin o, Allowance requests, Allowance streams) {
        return new Origin(
                o.prefix(),
                o.url(),
                o.replicas(),
                o.stripPrefix(),
                o.relocate(),
                o.host(),
                o.balance(),
                o.retries(),
                requests,
                streams,
                o.health(),
                o.ejection());
    }

    static UnaryOperator<Origin> answerWithin(Duration answer) {
        Allowance brief = allowance(answer, Duration.ofSeconds(60), Duration.ZERO, 128, 128);
        return origin -> allowing(origin, brief, brief);
    }

    static Allowance allowance(Duration answer, Duration idle, Duration maxAge, int connections, int waiting) {
        return new Allowance(Duration.ofSeconds(5), answer, idle, maxAge, connections, waiting);
    }
}
