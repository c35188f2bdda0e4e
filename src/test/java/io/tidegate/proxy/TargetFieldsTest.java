package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetFieldsTest {

    @ParameterizedTest
    @CsvSource({
        "https://public.example/dav/x?y, http://inner:3000/x?y",
        "HTTPS://Public.Example:443/dav/x, http://inner:3000/x",
        "https://public.example/dav, http://inner:3000/",
        "/dav/x, /x",
        "/other/x, /other/x",
        "https://public.example/other/x, https://public.example/other/x",
        "https://public.example:8443/dav/x, https://public.example:8443/dav/x",
        "https://elsewhere.example/dav/x, https://elsewhere.example/dav/x",
        "https://public.example, https://public.example",
        "urn:uuid:1, urn:uuid:1"
    })
    void aUrlOfTheClientBecomesOneOfTheOrigin(String url, String expected) {
        Origin origin = TestOrigin.passing(TestOrigin.of("/dav", 3000), true, HostPolicy.ORIGIN);
        TargetFields fields = new TargetFields(
                origin, URI.create("http://inner:3000"), "", HostAndPort.authority("public.example"), "inner:3000");
        assertEquals(expected, fields.target(url));
    }

    @ParameterizedTest
    @CsvSource({
        "https://public.example/live/dav/x, http://inner:3000/x",
        "https://public.example/dav/x, http://inner:3000/x",
        "https://public.example/live/other, https://public.example/live/other",
        "/live/dav/x, /x",
        "/lively/dav/x, /lively/dav/x"
    })
    void theMountPathIsRemoved(String url, String expected) {
        Origin origin = TestOrigin.passing(TestOrigin.of("/dav", 3000), true, HostPolicy.ORIGIN);
        TargetFields fields = new TargetFields(
                origin,
                URI.create("http://inner:3000"),
                "/live",
                HostAndPort.authority("public.example"),
                "inner:3000");
        assertEquals(expected, fields.target(url));
    }
}
