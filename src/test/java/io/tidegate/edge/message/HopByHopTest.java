package io.tidegate.edge.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HopByHopTest {

    @Test
    void whatSpeaksOfTheConnectionEndsWithIt() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Connection", "close, X-Once")
                .add("connection", " , x-twice ,")
                .add("X-Once", "1")
                .add("X-Twice", "1")
                .add("Keep-Alive", "timeout=5")
                .add("Proxy-Connection", "keep-alive")
                .add("TE", "trailers")
                .add("Transfer-Encoding", "chunked")
                .add("Upgrade", "h2c")
                .add("Proxy-Authenticate", "Basic")
                .add("Proxy-Authorization", "Basic eA==")
                .add("Authorization", "Bearer x")
                .add("X-Stays", "1");
        MultiMap left = MultiMap.caseInsensitiveMultiMap();
        HopByHop.copy(headers, left);
        assertEquals(Set.of("Authorization", "X-Stays"), left.names());
    }

    @Test
    void theFieldsOfTheMessageAreNoneOfTheConnection() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        assertFalse(HopByHop.namesEndToEndField(headers));
        headers.add("Connection", "close, X-Once").add("Connection", "TE");
        assertFalse(HopByHop.namesEndToEndField(headers));
        headers.add("Connection", "x , CONTENT-Length");
        assertTrue(HopByHop.namesEndToEndField(headers));
    }
}
