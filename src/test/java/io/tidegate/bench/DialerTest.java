package io.tidegate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DialerTest {

    @Test
    void manyStreamsComeFromSeveralAddressesOfTheLoopback() throws Exception {
        Dialer dialer = new Dialer(URI.create("http://127.0.0.1:1"), false);
        assertEquals(Optional.empty(), dialer.source(0, Dialer.STREAMS_PER_ADDRESS));
        int many = Dialer.STREAMS_PER_ADDRESS * 3;
        assertEquals("127.0.0.2", dialer.source(0, many).orElseThrow().getHostAddress());
        assertEquals("127.0.0.4", dialer.source(many - 1, many).orElseThrow().getHostAddress());
    }
}
