package io.tidegate.edge.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which address a request is attributed to, whatever header fields it contains. */
class TrustedProxiesTest {

    private static final String PROXY = "10.0.0.1";

    private final TrustedProxies proxies = TrustedProxies.parse(List.of("10.0.0.0/8", "fd00::/8", "192.0.2.7"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1 | 198.51.100.1                                | 198.51.100.1",
                "10.0.0.1 | 203.0.113.9, 198.51.100.1                   | 198.51.100.1",
                "10.0.0.1 | 203.0.113.9, 198.51.100.1, 10.9.9.9         | 198.51.100.1",
                "10.0.0.1 | 203.0.113.9, 192.0.2.7, fd12::1             | 203.0.113.9",
                "10.0.0.1 | 10.0.0.3, 10.0.0.2                          | 10.0.0.3",
                "10.0.0.1 | 198.51.100.1:4711                           | 198.51.100.1",
                "10.0.0.1 | [2001:db8::5]:4711                          | 2001:db8::5",
                "10.0.0.1 | 2001:DB8:0:0:0:0:0:5                        | 2001:db8::5",
                "10.0.0.1 | ::ffff:198.51.100.1                         | 198.51.100.1",
                "10.0.0.1 | 203.0.113.9, unknown                        | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9, 198.51.100.300                 | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9,                                | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9, localhost, 10.0.0.2            | 10.0.0.2",
                "10.0.0.1 | ''                                          | 10.0.0.1",
                "::ffff:10.0.0.1 | 198.51.100.1                         | 198.51.100.1",
                "203.0.113.8 | 198.51.100.1                             | 203.0.113.8",
                "203.0.113.8 | 10.0.0.1                                 | 203.0.113.8",
                "192.0.2.8 | 198.51.100.1                               | 192.0.2.8",
            })
    void theClientIsTheLastHopThatIsNoProxyOfOurs(String peer, String field, String client) {
        assertEquals(client, client(peer, List.of(field), List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "for=198.51.100.1                                       | 198.51.100.1",
                "For=\"198.51.100.1:80\";proto=https;by=10.0.0.1        | 198.51.100.1",
                "for=203.0.113.9, for=198.51.100.1                      | 198.51.100.1",
                "for=203.0.113.9,for=198.51.100.1;host=\"a,b;c\", for=10.0.0.2 | 198.51.100.1",
                "proto=https;for=\"[2001:db8::5]\"                      | 2001:db8::5",
                "for=203.0.113.9, for=_hidden                           | 10.0.0.1",
                "for=203.0.113.9, proto=http                            | 10.0.0.1",
                "for=203.0.113.9;x=\", for=198.51.100.1                 | 10.0.0.1",
                "for=203.0.113.9;x=\", for=\"[2001:db8::5]\"            | 10.0.0.1",
                "for=203.0.113.9 for=198.51.100.1                       | 10.0.0.1",
                "203.0.113.9                                            | 10.0.0.1",
                "~~                                                     | 10.0.0.1",
            })
    void theNewerFieldSaysTheSame(String field, String client) {
        assertEquals(client, client(PROXY, List.of(), List.of(field)));
    }

    @Test
    void severalFieldsAreOneList() {
        assertEquals("198.51.100.1", client(PROXY, List.of("203.0.113.9", "198.51.100.1"), List.of()));
        assertEquals("198.51.100.1", client(PROXY, List.of(), List.of("for=203.0.113.9", "for=198.51.100.1")));
    }

    @Test
    void fieldsThatDisagreeAreNotBelieved() {
        assertEquals("198.51.100.1", client(PROXY, List.of("198.51.100.1"), List.of("for=198.51.100.1")));
        assertEquals(PROXY, client(PROXY, List.of("198.51.100.1"), List.of("for=203.0.113.9")));
        assertEquals(PROXY, client(PROXY, List.of("203.0.113.9"), List.of("for=198.51.100.1")));
    }

    @Test
    void withoutTrustedProxiesThePeerIsTheClient() {
        SocketAddress peer = SocketAddress.inetSocketAddress(1, "127.0.0.1");
        assertEquals(
                address("127.0.0.1"),
                TrustedProxies.NONE.client(peer, List.of("198.51.100.1"), List.of("for=198.51.100.1")));
    }

    @Test
    void aPeerOnAUnixSocketIsTrustedOnlyIfUnixIsListed() {
        SocketAddress peer = SocketAddress.domainSocketAddress("/run/tidegate.sock");
        TrustedProxies loopback = TrustedProxies.parse(List.of("127.0.0.0/8"));
        assertFalse(loopback.trusts(peer));
        assertEquals(
                "127.0.0.1",
                loopback.client(peer, List.of("198.51.100.1"), List.of()).text());
        TrustedProxies unix = TrustedProxies.parse(List.of("unix", "10.0.0.0/8"));
        assertTrue(unix.trusts(peer));
        assertEquals(
                "198.51.100.1",
                unix.client(peer, List.of("6.6.6.6, 198.51.100.1, 10.0.0.1"), List.of())
                        .text());
        assertTrue(unix.trusts(unix.client(peer, List.of(), List.of())));
        assertFalse(unix.trusts(SocketAddress.inetSocketAddress(1, "127.0.0.1")));
    }

    @Test
    void aNetworkHoldsItsAddressesAndNoOther() {
        TrustedProxies odd = TrustedProxies.parse(List.of("172.16.0.0/12", "2001:db8:8000::/33"));
        Stream.of("172.16.0.1", "172.31.255.255", "2001:db8:8000::1", "2001:db8:ffff::1")
                .forEach(inside -> assertTrue(odd.trusts(SocketAddress.inetSocketAddress(1, inside)), inside));
        Stream.of("172.32.0.1", "172.15.255.255", "2001:db8:7fff::1", "ac10::1")
                .forEach(outside -> assertFalse(odd.trusts(SocketAddress.inetSocketAddress(1, outside)), outside));
        assertTrue(TrustedProxies.parse(List.of("0.0.0.0/0")).trusts(SocketAddress.inetSocketAddress(1, "8.8.8.8")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "::/129", "10.0.0", "proxy.example.org", "10.0.0.0/-1", "10.0.0.0/8/8"})
    void whatIsNoNetworkIsRefusedWithItsPlace(String text) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> TrustedProxies.parse(List.of("::1", text)));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("[1] must be"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X_Forwarded_User", "X User", "Host", "x-forwarded-for", "Forwarded", "Cookie", "TE"})
    void aFieldThatOnlyTheGatewayWritesCannotBeListed(String name) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> proxies.withFields(List.of("X-User", name)));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("[1] must "));
    }

    @Test
    void allAddressesOfOneSiteAreOneClient() {
        assertEquals("2001:db8:1:2::/64", address("2001:db8:1:2::1").site());
        assertEquals(
                "2001:db8:1:2::/64", address("2001:db8:1:2:ffff:ffff:ffff:ffff").site());
        assertEquals("2001:db8:1:3::/64", address("2001:db8:1:3::1").site());
        assertEquals("198.51.100.1", address("198.51.100.1").site());
        assertEquals("198.51.100.1", address("::ffff:198.51.100.1").site());
    }

    private String client(String peer, List<String> forwardedFor, List<String> forwarded) {
        return proxies.client(SocketAddress.inetSocketAddress(1, peer), forwardedFor, forwarded)
                .text();
    }

    private static ClientAddress address(String text) {
        return new ClientAddress(ClientAddress.parse(text).orElseThrow());
    }
}
