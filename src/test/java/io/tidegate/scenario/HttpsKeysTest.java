package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.auth.token.TestIssuer;
import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.RawClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests keys of an issuer that are fetched over TLS. The certificate must be trusted and valid for the host name.
 */
@Timeout(180)
@ExtendWith(VertxExtension.class)
class HttpsKeysTest {

    private static final String ID = "https://id.example";
    private static final KeyPair KEYS = TestIssuer.pair("EdDSA");

    private final Path folder;
    private int port;

    HttpsKeysTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void listen(Vertx provider) throws Exception {
        Process keytool = new ProcessBuilder(
                        (System.getProperty("java.home") + "/bin/keytool -genkeypair -alias a -keyalg EC -dname CN=x"
                                        + " -ext SAN=dns:localhost -storetype PKCS12"
                                        + " -storepass password -keystore tls.p12")
                                .split(" ", -1))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        port = provider.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PfxOptions()
                                .setPath(folder.resolve("tls.p12").toString())
                                .setPassword("password")))
                .requestHandler(request -> request.response()
                        .end(TestIssuer.jwks(TestIssuer.jwk("k", KEYS.getPublic()))
                                .encode()))
                .listen(0, "localhost")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
    }

    @Test
    void aCertificateThatIsTrustedIsEnough() throws Exception {
        configure("localhost");
        try (ChildNode node = start("tls.p12");
                RawClient client = new RawClient(node.port())) {
            String token = TestIssuer.token("EdDSA", KEYS.getPrivate(), "k", TestIssuer.claims(ID, Instant.now()));
            client.send("GET /api/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n");
            assertEquals(200, client.head().status());
        }
    }

    @Test
    void oneForAnotherNameIsNot() throws Exception {
        configure("127.0.0.1");
        String message =
                assertThrows(AssertionError.class, () -> start("tls.p12")).getMessage();
        assertTrue(String.valueOf(message).contains("tidegate: auth.issuers[0].keys: https://127.0.0.1:"), message);
    }

    @Test
    void oneOfNobodyIsNot() throws Exception {
        configure("localhost");
        String message = assertThrows(AssertionError.class, () -> start("")).getMessage();
        assertTrue(String.valueOf(message).contains("tidegate: auth.issuers[0].keys: https://localhost:"), message);
    }

    private void configure(String host) throws Exception {
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(
                folder.resolve("conf/tidegate.yaml"),
                """
                auth:
                  issuers:
                    - issuer: %s
                      audience: tidegate
                      algorithms: [EdDSA]
                      keys: https://%s:%d/jwks
                """
                        .formatted(ID, host, port));
    }

    private ChildNode start(String trustStore) throws Exception {
        List<String> options = trustStore.isEmpty()
                ? List.of()
                : List.of(
                        "-Djavax.net.ssl.trustStore=" + folder.resolve(trustStore),
                        "-Djavax.net.ssl.trustStorePassword=password");
        return ChildNode.start(folder, ":", options);
    }
}
