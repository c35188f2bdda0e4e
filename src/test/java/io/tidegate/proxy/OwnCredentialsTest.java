package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnCredentialsTest {

    @ParameterizedTest
    @CsvSource({
        "/x?ticket=s, /x",
        "/x?ticket, /x",
        "/x?ticket=s&a=1, /x?a=1",
        "/x?a=1&ticket=s, /x?a=1",
        "/x?a=1&ticket=s&b=2, /x?a=1&b=2",
        "/x?a=1;ticket=s;b=2, /x?a=1;b=2",
        "/x?ticket=s&ticket=t, /x",
        "/x?%74icket=s&a=%74, /x?a=%74",
        "/x?&ticket=s&, /x?&",
        "http://h/x?ticket=s#f, http://h/x#f",
    })
    void aTicketIsTakenOutAndNothingElse(String target, String left) {
        assertEquals(left, OwnCredentials.stripTicket(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x",
                "/ticket=s",
                "/x?",
                "/x?a=ticket",
                "/x?Ticket=s",
                "/x?tickets=s",
                "/x?&&a=1&=&",
                "/x?%zz=1",
                "/x?a?ticket=s"
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
