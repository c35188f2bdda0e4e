package io.tidegate.proxy.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @Test
    void aPrefixCoversWholeSegmentsOnly() {
        Origin origin = origin("/app", "http://a");
        assertTrue(origin.covers("/app"));
        assertTrue(origin.covers("/app/"));
        assertTrue(origin.covers("/app/x"));
        assertFalse(origin.covers("/apple"));
        assertFalse(origin.covers("/"));
        assertFalse(origin.covers("/x/app"));
        assertFalse(origin.covers("/App"));
    }

    @Test
    void theRootCoversEverything() {
        assertTrue(origin("/", "http://a").covers("/"));
        assertTrue(origin("/", "http://a").covers("/x"));
    }

    @Test
    void aSlashAtTheEndMakesNoDifference() {
        assertEquals(origin("/app", "http://a"), origin("/app/", "http://a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app", "//", "/a//b", "/a/../b", "/.", "/a/..", "/%61", "/a?b", "/a#b", "/a b", "/ä"})
    void aPrefixIsAPlainPath(String prefix) {
        assertThrows(IllegalArgumentException.class, () -> origin(prefix, "http://a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.well-known", "/...", "/a.b/c~d", "/..a"})
    void dotsInsideASegmentAreNoDotSegments(String prefix) {
        assertEquals(prefix, origin(prefix, "http://a").prefix());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a",
                "a:80",
                "//a",
                "http:a",
                "http://",
                "http:///x",
                "http://a/b",
                "http://a?b",
                "http://a#b",
                "http://u:p@a",
                "http://a_b",
                "http://a:70000"
            })
    void aUrlIsSchemeHostAndPortAlone(String url) {
        assertThrows(IllegalArgumentException.class, () -> new Origin("/", URI.create(url)));
    }

    @Test
    void portsFollowTheScheme() {
        assertEquals(80, Origin.request(URI.create("http://a")).getPort());
        assertEquals(8081, Origin.request(URI.create("http://a:8081/")).getPort());
        RequestOptions tls = Origin.request(URI.create("https://a"));
        assertEquals(443, tls.getPort());
        assertEquals(true, tls.isSsl());
        assertEquals("a", tls.getHost());
    }

    @Test
    void anAddressOfVersionSixIsConnectedToWithoutItsBrackets() {
        RequestOptions request = Origin.request(URI.create("http://[::1]:8081"));
        assertEquals("::1", ((SocketAddress) request.getServer()).host());
        assertEquals("[::1]", request.getHost());
    }

    private static Origin origin(String prefix, String url) {
        return new Origin(prefix, URI.create(url));
    }
}
