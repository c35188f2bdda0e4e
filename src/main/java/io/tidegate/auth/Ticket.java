package io.tidegate.auth;

import java.time.Duration;

/**
 * A ticket as it is handed out.
 *
 * @param text what a client puts after {@code ?ticket=}: 43 of {@code A-Z a-z 0-9 _ -}
 * @param idle how long it lives when it is not used
 * @param max how long it lives at most
 */
public record Ticket(String text, Duration idle, Duration max) {

    /** Without the secret, so that a ticket in a log line gives nothing away. */
    @Override
    public String toString() {
        return "Ticket[idle=" + idle + ", max=" + max + "]";
    }
}
