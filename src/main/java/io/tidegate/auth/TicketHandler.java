package io.tidegate.auth;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * Handles {@code POST /api/ticket} behind a {@link Guard}. Responds with 201 and {@code {"ticket": text, "expires_in":
 * seconds without use, "max_age": maximum seconds}}. Thread-safe.
 */
public final class TicketHandler implements Handler<RoutingContext> {

    private final Tickets tickets;

    public TicketHandler(Tickets tickets) {
        this.tickets = tickets;
    }

    @Override
    public void handle(RoutingContext ctx) {
        Credential credential = Credential.of(ctx);
        Ticket ticket = tickets.issue(credential.caller(), credential.token());
        ctx.response()
                .setStatusCode(201)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(new JsonObject()
                        .put("ticket", ticket.text())
                        .put("expires_in", ticket.idle().toSeconds())
                        .put("max_age", ticket.max().toSeconds())
                        .toBuffer());
    }
}
