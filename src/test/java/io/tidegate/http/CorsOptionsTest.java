package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsOptionsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example.com",
                "http://localhost:5173",
                "https://10.0.0.1:8443",
                "http://[::1]:8080",
                "http://a:443"
            })
    void anOriginAsABrowserSendsItIsTaken(String origin) {
        assertEquals(List.of(origin), new CorsOptions(List.of(origin)).origins());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://*",
                "https://*.example.com",
                "null",
                "",
                "app.example.com",
                "https://app.example.com/",
                "https://app.example.com/path",
                "https://app.example.com?q",
                "https://user@app.example.com",
                "https://app.example.com:443",
                "http://app.example.com:80",
                "https://App.example.com",
                "ftp://a",
                "https://a:b",
                "https://a b",
                "https://a:0"
            })
    void whatNoBrowserSendsIsRefusedWithItsPlace(String origin) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new CorsOptions(List.of("https://a", origin)));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("origins[1] "), refused.toString());
    }
}
