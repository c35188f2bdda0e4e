package io.tidegate.ops.ui;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class PagesTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static int port;

    @BeforeAll
    static void serve(Vertx vertx, VertxTestContext test) {
        Router router = Router.router(vertx);
        Pages.load().mount(router, path -> true, "", "");
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").onComplete(test.succeeding(server -> {
            port = server.actualPort();
            test.completeNow();
        }));
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/lab, text/html; charset=utf-8",
        "/deployment/0mi2k1x8v3, text/html; charset=utf-8",
        "/client.js, text/javascript; charset=utf-8",
        "/assets/app.js, text/javascript; charset=utf-8",
        "/assets/app.css, text/css; charset=utf-8",
        "/assets/favicon.svg, image/svg+xml",
        "/favicon.ico, image/svg+xml"
    })
    void everyFileIsSentWithItsTypeAndNeverGuessed(String path, String type) throws Exception {
        HttpResponse<byte[]> response = get(path);
        assertEquals(200, response.statusCode());
        assertEquals(type, header(response, "Content-Type"));
        assertEquals("nosniff", header(response, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(response, "Referrer-Policy"));
        assertTrue(response.body().length > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/lab", "/deployment/1"})
    void aPageRunsNothingButItsOwnFiles(String path) throws Exception {
        HttpResponse<byte[]> response = get(path);
        assertEquals(
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                header(response, "Content-Security-Policy"));
        String html = text(response);
        assertFalse(html.contains("style="), "no style in the markup");
        assertFalse(Pattern.compile("<script(?![^>]* src=)").matcher(html).find(), "no script in the markup");
        assertFalse(Pattern.compile("\\son[a-z]+=").matcher(html).find(), "no handler in the markup");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/lab", "/deployment/1"})
    void everyFileThatAPageNamesIsThereAndMayBeKeptForEver(String path) throws Exception {
        List<String> names = Pattern.compile("(?:src|href)=\"([^\"]*/assets/[^\"]+)\"")
                .matcher(text(get(path)))
                .results()
                .map((MatchResult match) ->
                        URI.create(path).resolve(match.group(1)).getPath())
                .toList();
        assertTrue(names.size() >= 4, names::toString);
        for (String name : names) {
            HttpResponse<byte[]> response = get(name);
            assertEquals(200, response.statusCode(), name);
            assertEquals("public, max-age=31536000, immutable", header(response, "Cache-Control"), name);
        }
    }

    @Test
    void everyModuleThatAScriptImportsIsThere() throws Exception {
        for (String script : List.of("app.js", "client.js", "deployment.js", "lab.js", "overview.js")) {
            String source = text(get("/assets/" + script));
            List<String> imports = Pattern.compile("from '\\./([^']+)'")
                    .matcher(source)
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .toList();
            for (String name : imports) {
                assertEquals(200, get("/assets/" + name).statusCode(), script + " imports " + name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/client.js", "/assets/0123456789abcdef0123/app.js"})
    void whatMayChangeUnderItsAddressIsAskedForEachTime(String path) throws Exception {
        assertEquals("no-cache", header(get(path), "Cache-Control"));
    }

    @Test
    void theFolderOfAnotherVersionGivesTheFileOfThisOne() throws Exception {
        assertArrayEquals(
                get("/assets/app.js").body(),
                get("/assets/0123456789abcdef0123/app.js").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/client.js"})
    void whoHoldsTheFileIsToldThatItIsUnchanged(String path) throws Exception {
        String etag = header(get(path), "ETag");
        assertTrue(etag.matches("\"[0-9a-f]{20}\""), etag);
        for (String tags : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
            HttpResponse<byte[]> response = send(request(path).header("If-None-Match", tags));
            assertEquals(304, response.statusCode(), tags);
            assertEquals(0, response.body().length);
            assertEquals(etag, header(response, "ETag"));
        }
        assertEquals(
                200, send(request(path).header("If-None-Match", "\"other\"")).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/lab", "/deployment/1", "/client.js", "/assets/app.css"})
    void headTellsTheLengthAndSendsNothing(String path) throws Exception {
        HttpResponse<byte[]> head = send(request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
        assertEquals(Integer.toString(get(path).body().length), header(head, "Content-Length"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/",
                "/assets/Pages.class",
                "/assets/index.html",
                "/assets/../Pages.class",
                "/assets/%2e%2e/%2e%2e/problem/Code.class",
                "/assets/..%2f..%2fproblem%2fCode.class",
                "/assets/app.js%00.css",
                "/assets/package-info.class"
            })
    void whatIsNotInTheTableCannotBeAskedFor(String path) throws Exception {
        int status = get(path).statusCode();
        assertTrue(status == 404 || status == 400, path + " gave " + status);
    }

    @Test
    void aPageIsNotAPlaceToPostTo() throws Exception {
        assertNotEquals(
                200,
                send(request("/").POST(HttpRequest.BodyPublishers.noBody())).statusCode());
    }

    @Test
    void theClientIsSmallAndStandsAlone() throws Exception {
        String source = text(get("/client.js"));
        assertTrue(source.length() < 10 * 1024, () -> source.length() + " characters");
        assertFalse(source.contains("import("), "no import at run time");
        assertFalse(Pattern.compile("(?m)^import ").matcher(source).find(), "no import");
        assertFalse(source.contains("eval(") || source.contains("new Function"), "nothing the policy forbids");
    }

    @Test
    void aMissingFileIsFoundAtStartAndNotByAVisitor() {
        assertThrows(IllegalStateException.class, () -> Asset.read("nowhere.js"));
        assertThrows(IllegalArgumentException.class, () -> Asset.of("page.exe", new byte[0]));
    }

    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
