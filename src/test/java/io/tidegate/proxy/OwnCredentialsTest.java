package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnCredentialsTest {

    private static final String TICKET = "tide-9ZS9VzI8QV5H7RJE3oE7izCSwCEJxSy8jfodnKZl55Q";

    @ParameterizedTest
    @CsvSource({
        "/x?ticket=T, /x",
        "/x?ticket=T&a=1, /x?a=1",
        "/x?a=1&ticket=T, /x?a=1",
        "/x?a=1&ticket=T&b=2, /x?a=1&b=2",
        "/x?a=1;ticket=T;b=2, /x?a=1;b=2",
        "/x?ticket=T&ticket=T, /x",
        "/x?%74icket=T&a=%74, /x?a=%74",
        "/x?ticket=%74T, /x",
        "/x?&ticket=T&, /x?&",
        "http://h/x?ticket=T#f, http://h/x#f",
    })
    void aTicketIsTakenOutAndNothingElse(String target, String left) {
        String ticket = target.contains("%74T") ? TICKET.substring(1) : TICKET;
        assertEquals(left, OwnCredentials.stripTicket(target.replace("T", ticket)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x",
                "/ticket=s",
                "/x?",
                "/x?a=ticket",
                "/x?ticket",
                "/x?ticket=",
                "/x?ticket=HELP-123",
                "/x?ticket=ST-9ZS9VzI8QV5H7RJE3oE7izCSwCEJxSy8jfodnKZl55Q",
                "/x?Ticket=s",
                "/x?tickets=s",
                "/x?&&a=1&=&",
                "/x?%zz=1",
                "/x?a?ticket=s",
                "/x?ticket=9ZS9VzI8QV5H7RJE3oE7izCSwCEJxSy8jfodnKZl55Q",
                "/x?ticket=%zz"
            })
    void aTargetWithoutATicketStaysByteForByte(String target) {
        assertEquals(target, OwnCredentials.stripTicket(target));
    }

    @Test
    void ourCookieIsTakenOutAndNothingElse() {
        assertEquals(Optional.of("a=1; b=\"2\""), OwnCredentials.stripCookie("a=1; tidegate=secret; b=\"2\""));
        assertEquals(Optional.of("tidegate2=x"), OwnCredentials.stripCookie("tidegate=secret;tidegate2=x"));
        assertEquals(Optional.of("a=tidegate"), OwnCredentials.stripCookie("a=tidegate; tidegate=1; tidegate=2"));
        assertEquals(Optional.empty(), OwnCredentials.stripCookie("tidegate=secret"));
        assertEquals(Optional.empty(), OwnCredentials.stripCookie(" tidegate =secret;"));
        assertEquals(Optional.of("a=1;b=2 "), OwnCredentials.stripCookie("a=1;b=2 "));
    }
}
