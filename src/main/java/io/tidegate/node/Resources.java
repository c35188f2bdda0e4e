package io.tidegate.node;

import io.tidegate.auth.Tickets;
import io.tidegate.auth.token.Tokens;
import io.tidegate.edge.tls.Certificates;
import io.tidegate.journal.Journal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * The resources that are opened before any verticle is deployed: keys, certificates and the journal. Opening does not
 * block an event loop.
 */
record Resources(Tokens tokens, Tickets tickets, Journal journal, Optional<Certificates> certificates) {

    /** Opens the resources one after another. The future fails if one of them cannot be opened. */
    static Future<Resources> open(Vertx vertx, Settings settings, Clock clock) {
        Path data = Path.of(settings.data());
        return Tokens.open(vertx, data, settings.auth(), clock).compose(tokens -> certificates(vertx, settings)
                .compose(certificates -> JournalFactory.open(data, settings.journal(), clock)
                        .map(journal ->
                                new Resources(tokens, new Tickets(settings.auth(), clock), journal, certificates))));
    }

    private static Future<Optional<Certificates>> certificates(Vertx vertx, Settings settings) {
        return settings.http().tls().enabled()
                ? Certificates.open(vertx, settings.http().tls()).map(Optional::of)
                : Future.succeededFuture(Optional.empty());
    }
}
