package io.tidegate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Refusal;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.TestClock;
import io.tidegate.problem.Code;
import io.tidegate.problem.ProblemException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TicketsTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock("2031-05-06T07:08:09Z");
    private final Tickets tickets = new Tickets(AuthOptions.DEFAULTS, clock, 3);

    @Test
    void aTicketStandsForItsCallerAndToken() {
        Caller ann = caller("ann", DAY);
        Ticket ticket = tickets.issue(ann, "the token");
        assertEquals(
                new Credential(ann, "the token"), tickets.use(ticket.text()).orElseThrow());
        assertTrue(ticket.text().matches("tide-[A-Za-z0-9_-]{43}"), "256 bits");
        assertEquals(Duration.ofMinutes(5), ticket.idle());
        assertEquals(Duration.ofHours(1), ticket.max());
    }

    @Test
    void whatWasNeverGivenStandsForNobody() {
        String text = issue().text();
        assertTrue(tickets.use("").isEmpty());
        assertTrue(tickets.use(text.toLowerCase(Locale.ROOT)).isEmpty());
        assertTrue(tickets.use(text + "=").isEmpty());
        assertTrue(tickets.use("A".repeat(100_000)).isEmpty());
    }

    @Test
    void aTicketEndsFiveMinutesAfterItsLastUse() {
        String text = issue().text();
        clock.advance(Duration.ofSeconds(299));
        assertTrue(tickets.use(text).isPresent());
        clock.advance(Duration.ofSeconds(299));
        assertTrue(tickets.use(text).isPresent());
        clock.advance(Duration.ofMinutes(5));
        assertTrue(tickets.use(text).isEmpty());
        assertEquals(0, tickets.size(), "the ticket is removed");
    }

    @Test
    void useDoesNotProlongATicketBeyondAnHour() {
        String text = issue().text();
        for (int minute = 1; minute < 60; minute++) {
            clock.advance(MINUTE);
            assertTrue(tickets.use(text).isPresent(), "minute " + minute);
        }
        clock.advance(MINUTE);
        assertTrue(tickets.use(text).isEmpty());
    }

    @Test
    void aTicketNeverOutlivesItsToken() {
        Ticket ticket = tickets.issue(caller("ann", Duration.ofSeconds(90)), "token");
        assertEquals(Duration.ofSeconds(90), ticket.idle());
        assertEquals(Duration.ofSeconds(90), ticket.max());
        clock.advance(Duration.ofSeconds(89));
        assertTrue(tickets.use(ticket.text()).isPresent());
        clock.advance(Duration.ofSeconds(1));
        assertTrue(tickets.use(ticket.text()).isEmpty());
    }

    @Test
    void aTokenThatHasEndedGetsNoTicket() {
        Caller over = caller("ann", Duration.ZERO);
        ProblemException refused = assertThrows(ProblemException.class, () -> tickets.issue(over, "token"));
        assertEquals(Refusal.EXPIRED, refused.problem());
    }

    @Test
    void tooManyTicketsAreRefusedAndNoneThatLivesIsLost() {
        List<Ticket> open = List.of(issue(), issue(), issue());
        ProblemException refused = assertThrows(ProblemException.class, this::issue);
        assertEquals(Code.TICKET_LIMIT, refused.problem().code());
        open.forEach(ticket -> assertTrue(tickets.use(ticket.text()).isPresent()));
    }

    @Test
    void ticketsThatRanIdleMakeRoom() {
        issue();
        String used = issue().text();
        issue();
        clock.advance(Duration.ofMinutes(4));
        assertTrue(tickets.use(used).isPresent());
        clock.advance(MINUTE);
        issue();
        assertEquals(2, tickets.size());
        assertTrue(tickets.use(used).isPresent());
    }

    @Test
    void ticketsThatRanIdleAreForgottenLongBeforeTheTableIsFull() {
        issue();
        clock.advance(Duration.ofMinutes(5));
        issue();
        assertEquals(1, tickets.size());
    }

    @Test
    void aTicketWhoseTokenEndedMakesRoomEvenBehindOnesThatLive() {
        issue();
        tickets.issue(caller("bob", Duration.ofSeconds(10)), "token");
        issue();
        clock.advance(Duration.ofSeconds(10));
        issue();
        assertEquals(3, tickets.size());
    }

    @Test
    void severalThreadsNeverOpenMoreThanTheBound() throws Exception {
        Tickets shared = new Tickets(AuthOptions.DEFAULTS, clock, 100);
        Set<String> texts = ConcurrentHashMap.newKeySet();
        Callable<Integer> client = () -> {
            int refused = 0;
            for (int i = 0; i < 50; i++) {
                try {
                    String text = shared.issue(caller("ann", DAY), "token").text();
                    assertTrue(shared.use(text).isPresent());
                    texts.add(text);
                } catch (ProblemException full) {
                    refused++;
                }
            }
            return refused;
        };
        ExecutorService loops = Executors.newFixedThreadPool(4);
        try {
            int refused = 0;
            for (Future<Integer> each : loops.invokeAll(Collections.nCopies(4, client))) {
                refused += each.get();
            }
            assertEquals(100, refused);
            assertEquals(100, texts.size());
            assertEquals(100, shared.size());
        } finally {
            loops.shutdownNow();
        }
    }

    @Test
    void nothingSecretIsPrinted() {
        Ticket ticket = tickets.issue(caller("ann", DAY), "the token");
        assertFalse(ticket.toString().contains(ticket.text()));
        assertFalse(tickets.use(ticket.text()).orElseThrow().toString().contains("the token"));
    }

    private Ticket issue() {
        return tickets.issue(caller("ann", DAY), "token");
    }

    private Caller caller(String subject, Duration left) {
        List<TopicPattern> all = List.of(TopicPattern.ALL);
        return new Caller(subject, Role.VIEWER, all, List.of(), clock.instant().plus(left));
    }
}
