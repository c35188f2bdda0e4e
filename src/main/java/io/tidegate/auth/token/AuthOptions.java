package io.tidegate.auth.token;

import io.tidegate.auth.issuer.IssuerOptions;
import io.tidegate.auth.issuer.KeyOptions;
import java.time.Duration;
import java.util.List;

/**
 * How tokens are made, carried and checked.
 *
 * @param issuer {@code iss} of the gateway's own tokens
 * @param audience {@code aud} of the gateway's own tokens
 * @param keyFile file of the HS256 key, relative to the data folder; made on first start
 * @param ticketIdle how long a ticket lives after its last use
 * @param ticketMax how long a ticket lives at most
 * @param ticketsPerSubject how many tickets may be open for one subject
 * @param tokenInQuery whether {@code ?access_token=} carries a token too
 * @param secureCookie whether the cookie is {@code Secure} even where the request came without TLS
 * @param anonymous what may be read without a token
 * @param keys how often the keys of other issuers are read
 * @param issuers whose tokens count beside the gateway's own
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
                        "issuers[" + i + "].issuer is that of another one, or the gateway's own");
            }
        }
    }
}
