package io.tidegate.proxy.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void aServerMayBeAUnixSocket() {
        assertEquals("/run/app.sock", origin("/", "unix:/run/app.sock").url().getPath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:app.sock",
                "unix:/",
                "unix://run/app.sock",
                "unix:/run/",
                "unix:/run/a?b",
                "unix:/run/a#b",
                "http://unix:/run/app.sock"
            })
    void aUnixSocketHasAnAbsolutePathAlone(String url) {
        assertThrows(IllegalArgumentException.class, () -> origin("/", url));
    }

    @Test
    void thePathOfAUnixSocketIsNotLongerThanTheSystemAllows() {
        origin("/", "unix:/" + "a".repeat(106));
        assertThrows(IllegalArgumentException.class, () -> origin("/", "unix:/" + "a".repeat(107)));
    }

    private static Origin origin(String prefix, String url) {
        return new Origin(prefix, URI.create(url));
    }
}
