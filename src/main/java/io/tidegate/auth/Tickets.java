package io.tidegate.auth;

import io.tidegate.access.Caller;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Refusal;
import io.tidegate.auth.token.SecretHash;
import io.tidegate.auth.token.Tokens;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Issues and redeems tickets of 256 random bits, which stand in for a token where a client cannot send a header. Keeps
 * only the hashes of tickets, in memory; their number is limited. Thread-safe; locks are held for a few microseconds.
 */
public final class Tickets {

    private static final int CAPACITY = 10_000;
    private static final int BYTES = 32;

    private final Clock clock;
    private final Duration idle;
    private final Duration max;
    private final int capacity;
    private final int perSubject;
    private final SecureRandom random = new SecureRandom();
    /** The open tickets, least recently used first. The first entry is therefore the next one to reach its idle limit. */
    private final Map<SecretHash, Entry> open = new LinkedHashMap<>(16, 0.75f, true);

    public Tickets(AuthOptions options, Clock clock) {
        this(options, clock, CAPACITY);
    }

    Tickets(AuthOptions options, Clock clock, int capacity) {
        this.clock = clock;
        this.idle = options.ticketIdle();
        this.max = options.ticketMax();
        this.capacity = capacity;
        this.perSubject = options.ticketsPerSubject();
    }

    /**
     * Issues a ticket for a token.
     *
     * @param caller the caller that {@link Tokens#verify} returned for the token
     * @throws io.tidegate.problem.ProblemException with the code {@code unauthenticated} if the token has expired, or
     *     {@code ticket-limit} if too many tickets are open, in total or for the subject
     */
    public Ticket issue(Caller caller, String token) {
        Instant now = clock.instant();
        Instant end = earlier(now.plus(max), caller.expires());
        if (!now.isBefore(end)) {
            throw Refusal.EXPIRED.toException();
        }
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        String text = Ticket.text(secret);
        Entry entry = new Entry(new Credential(caller, token), end, now.plus(idle));
        add(SecretHash.of(text), entry, now);
        return new Ticket(text, Duration.between(now, entry.expires()), Duration.between(now, end));
    }

    /** Returns the credential of a ticket if the ticket is valid, and extends its idle time. */
    Optional<Credential> use(String text) {
        return Ticket.looksLike(text)
                ? touch(SecretHash.of(text), clock.instant()).map(Entry::credential)
                : Optional.empty();
    }

    /**
     * Revokes all tickets of a subject.
     *
     * @return the number of revoked tickets
     */
    public synchronized int revoke(String subject) {
        int before = open.size();
        open.values().removeIf(entry -> entry.credential().caller().subject().equals(subject));
        return before - open.size();
    }

    synchronized int size() {
        return open.size();
    }

    private synchronized Optional<Entry> touch(SecretHash hash, Instant now) {
        return Optional.ofNullable(
                open.computeIfPresent(hash, (key, entry) -> entry.expired(now) ? null : entry.usedAt(now, idle)));
    }

    private synchronized void add(SecretHash hash, Entry entry, Instant now) {
        purgeIdle(now);
        if (open.size() >= capacity) {
            open.values().removeIf(other -> other.expired(now));
        }
        if (open.size() >= capacity || open.size() >= perSubject && openFor(entry.subject(), now) >= perSubject) {
            throw Problem.of(Code.TICKET_LIMIT, "too many tickets are open").toException();
        }
        open.put(hash, entry);
    }

    private long openFor(String subject, Instant now) {
        return open.values().stream()
                .filter(other -> other.subject().equals(subject) && !other.expired(now))
                .count();
    }

    private void purgeIdle(Instant now) {
        Iterator<Entry> oldest = open.values().iterator();
        while (oldest.hasNext() && oldest.next().expired(now)) {
            oldest.remove();
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /**
     * An issued ticket, keyed by the hash of its text.
     *
     * @param end the time at which the ticket expires even if it is in use
     * @param idleEnd the time at which the ticket expires if it is not used again
     */
    private record Entry(Credential credential, Instant end, Instant idleEnd) {

        Instant expires() {
            return earlier(end, idleEnd);
        }

        String subject() {
            return credential.caller().subject();
        }

        boolean expired(Instant now) {
            return !now.isBefore(expires());
        }

        Entry usedAt(Instant now, Duration idle) {
            return new Entry(credential, end, now.plus(idle));
        }
    }
}
