package io.tidegate.auth;

import java.time.Duration;

/**
 * How tokens are made and checked.
 *
 * @param issuer required {@code iss}
 * @param audience required {@code aud}
 * @param keyFile file of the HS256 key, relative to the data folder; made on first start
 * @param ticketIdle how long a ticket lives after its last use
 * @param ticketMax how long a ticket lives at most
 */
public record AuthOptions(String issuer, String audience, String keyFile, Duration ticketIdle, Duration ticketMax) {

    public static final AuthOptions DEFAULTS =
            new AuthOptions("tidegate", "tidegate", "tidegate.key", Duration.ofMinutes(5), Duration.ofHours(1));

    public AuthOptions {
        if (issuer.isBlank()) {
            throw new IllegalArgumentException("issuer must not be empty");
        }
        if (audience.isBlank()) {
            throw new IllegalArgumentException("audience must not be empty");
        }
        if (keyFile.isBlank()) {
            throw new IllegalArgumentException("key-file must name a file");
        }
        if (ticketIdle.isNegative() || ticketIdle.isZero()) {
            throw new IllegalArgumentException("ticket-idle must be longer than 0s");
        }
        if (ticketMax.compareTo(ticketIdle) < 0) {
            throw new IllegalArgumentException("ticket-max must not be shorter than ticket-idle");
        }
    }
}
