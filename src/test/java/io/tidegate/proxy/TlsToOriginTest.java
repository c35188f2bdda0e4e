package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.fixture.TestCertificate;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginTls;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests an origin whose certificate is signed by a private authority, and which requires a client certificate. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
@SuppressWarnings("NullAway.Init") // set before all tests
class TlsToOriginTest {

    @TempDir
    private static Path folder;

    private static TestCertificate server;
    private static String ca;
    private static String certificate;
    private static String key;

    private Vertx vertx;

    @BeforeAll
    static void makeCertificates() throws Exception {
        server = TestCertificate.make("EC");
        ca = folder.resolve("ca.pem").toString();
        server.write(Path.of(ca), folder.resolve("server.key"));
        certificate = folder.resolve("gateway.pem").toString();
        key = folder.resolve("gateway.key").toString();
        TestCertificate.make("RSA").write(Path.of(certificate), Path.of(key));
    }

    @BeforeEach
    void use(Vertx created) {
        vertx = created;
    }

    @Test
    void anAuthorityOfItsOwnIsTrustedOnlyIfConfigured() throws Exception {
        int port = listen(new HttpServerOptions());
        String url = "https://127.0.0.1:" + port;
        assertEquals(502, get(url, OriginTls.DEFAULTS).statusCode());
        assertEquals(200, get(url, new OriginTls(ca, "", "", "")).statusCode());
        assertEquals(502, get(url, new OriginTls(certificate, "", "", "")).statusCode());
    }

    @Test
    void theCertificateOfTheGatewayIsPresented() throws Exception {
        Buffer trusted = Buffer.buffer(Files.readAllBytes(Path.of(certificate)));
        int port = listen(new HttpServerOptions()
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertValue(trusted)));
        String url = "https://127.0.0.1:" + port;
        assertEquals(502, get(url, new OriginTls(ca, "", "", "")).statusCode());
        assertEquals(200, get(url, new OriginTls(ca, certificate, key, "")).statusCode());
    }

    @Test
    void theCertificateOfTheServerMustHaveTheConfiguredName() throws Exception {
        int port = listen(new HttpServerOptions());
        String url = "https://127.0.0.2:" + port;
        assertEquals(502, get(url, new OriginTls(ca, "", "", "")).statusCode());
        assertEquals(200, get(url, new OriginTls(ca, "", "", "localhost")).statusCode());
        assertEquals(502, get(url, new OriginTls(ca, "", "", "other.example")).statusCode());
    }

    @Test
    void optionsThatCannotWorkAreRefused() {
        assertRefused("key-file must be set too", "", certificate, "");
        assertRefused("certificate-file must be set too", "", "", key);
        assertRefused("ca-file must be a readable file", folder + "/absent.pem", "", "");
        assertRefused("ca-file must be a readable file", folder.toString(), "", "");
    }

    private static void assertRefused(String message, String caFile, String certificateFile, String keyFile) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new OriginTls(caFile, certificateFile, keyFile, ""));
        assertEquals(message, refused.getMessage());
    }

    private HttpResponse<String> get(String url, OriginTls tls) throws Exception {
        ProxyServer gateway = new ProxyServer(vertx);
        gateway.origin(new Origin("/", URI.create(url)).withTls(tls)).start();
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(gateway.uri("/")).build(), BodyHandlers.ofString());
    }

    private int listen(HttpServerOptions options) throws Exception {
        return vertx.createHttpServer(options.setSsl(true).setKeyCertOptions(server.serverOptions()))
                .requestHandler(request -> request.response().end())
                .listen(0, "0.0.0.0")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
    }
}
