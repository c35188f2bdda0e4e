package io.tidegate.auth.token;

import java.time.Duration;
import java.util.List;

/**
 * Configures how tokens are issued, presented and verified.
 *
 * @param issuer the {@code iss} of the gateway's own tokens
 * @param audience the {@code aud} of the gateway's own tokens
 * @param keyFile the file with the HS256 key, relative to the data folder; created at the first startup
 * @param ticketIdle the time for which a ticket is valid after its last use
 * @param ticketMax the maximum time for which a ticket is valid
 * @param ticketsPerSubject the maximum number of open tickets per subject
 * @param tokenInQuery whether {@code ?access_token=} is also accepted
 * @param secureCookie whether the cookie is {@code Secure} even if the request was sent without TLS
 * @param anonymous the topics that may be read without a token
 * @param keys the schedule for reading other issuers' keys
 * @param issuers the issuers other than the gateway whose tokens are accepted
 */
public record AuthOptions(
        String issuer,
        String audience,
        String keyFile,
        Duration ticketIdle,
        Duration ticketMax,
        int ticketsPerSubject,
        boolean tokenInQuery,
        boolean secureCookie,
        AnonymousOptions anonymous,
        KeyOptions keys,
        List<IssuerOptions> issuers) {

    public static final AuthOptions DEFAULTS = new AuthOptions(
            "tidegate",
            "tidegate",
            "tidegate.key",
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            1_000,
            false,
            false,
            AnonymousOptions.DEFAULTS,
            KeyOptions.DEFAULTS,
            List.of());

    public AuthOptions {
        issuers = List.copyOf(issuers);
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
        if (ticketsPerSubject < 1) {
            throw new IllegalArgumentException("tickets-per-subject must be greater than 0");
        }
        checkDistinct(issuer, issuers);
    }

    private static void checkDistinct(String own, List<IssuerOptions> issuers) {
        List<String> names = issuers.stream().map(IssuerOptions::issuer).toList();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(own) || names.indexOf(names.get(i)) < i) {
                throw new IllegalArgumentException(
                        "issuers[" + i + "].issuer must differ from the gateway's and from that of every other issuer");
            }
        }
    }
}
