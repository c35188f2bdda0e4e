package io.tidegate.corpus;

import static io.tidegate.corpus.Http.get;
import static io.tidegate.corpus.Row.refused;

import io.tidegate.auth.token.BadTokens;
import io.tidegate.auth.token.TestIssuer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Forged tokens and tickets, and revoked tickets. */
final class TokenRows {

    private static final String READ = "/api/sessions";

    private TokenRows() {}

    static Stream<Row> all() {
        return Stream.of(wrong(), confused(), keyIds(), ownKeys(), carriers(), tickets())
                .flatMap(rows -> rows);
    }

    /** Returns tokens with variants of {@code alg}, and with wrong claims, signatures and structures. */
    private static Stream<Row> wrong() {
        return BadTokens.of(Callers.KEY, Callers.NOW).entrySet().stream()
                .map(row -> bad("token, " + printable(row.getKey()), row.getValue()));
    }

    /** Returns tokens signed with public data of an issuer as the secret. */
    private static Stream<Row> confused() {
        byte[] der = Callers.RSA.getPublic().getEncoded();
        String pem = TestIssuer.pem("PUBLIC KEY", der);
        String jwk = TestIssuer.jwk(Callers.KEY_ID, Callers.RSA.getPublic()).encode();
        return Stream.concat(
                Stream.of(pem, pem.strip(), jwk, new String(der, StandardCharsets.ISO_8859_1))
                        .flatMap(known -> Stream.of("HS256", "HS384", "HS512")
                                .map(algorithm -> bad(
                                        "algorithm confusion",
                                        TestIssuer.token(
                                                algorithm,
                                                Callers.secret(known.getBytes(StandardCharsets.ISO_8859_1)),
                                                Callers.KEY_ID,
                                                claims())))),
                Stream.of(
                        bad("algorithm confusion", rsa("RS384", Callers.KEY_ID, claims())),
                        bad("algorithm confusion", rsa("PS256", Callers.KEY_ID, claims())),
                        bad("another's issuer", rsa("RS256", Callers.KEY_ID, claims().put("iss", "tidegate"))),
                        bad(
                                "another's issuer",
                                rsa("RS256", Callers.KEY_ID, claims().put("iss", "https://id.example"))),
                        bad(
                                "another's issuer",
                                TestIssuer.token("HS256", Callers.secret(Callers.KEY), Callers.KEY_ID, claims()))));
    }

    /**
     * Returns tokens that check that a {@code kid} only selects one of the issuer's keys and is not used as a file, a
     * URL or a query.
     */
    private static Stream<Row> keyIds() {
        List<String> files = List.of(
                "../../../../../../dev/null",
                "/dev/null",
                "file:///dev/null",
                "tidegate.key",
                "rsa/../rsa",
                "http://127.0.0.1:1/keys",
                "x' UNION SELECT 'k' --",
                "rsa\u0000",
                "rsa\r\nX: y",
                "$(id)",
                "${jndi:ldap://127.0.0.1:1/a}",
                "%s%n",
                "",
                "k".repeat(2000));
        Stream<Row> named = files.stream()
                .map(id -> bad("kid", TestIssuer.token("HS256", Callers.secret(new byte[] {0}), id, claims())));
        Stream<Row> signed = files.stream().map(id -> bad("kid", rsa("RS256", id, claims())));
        JsonObject header = new JsonObject().put("alg", "RS256");
        return Stream.of(
                        named,
                        signed,
                        Stream.of(
                                bad("kid", rsa(header.copy().put("kid", 7), claims())),
                                bad("kid", rsa(header.copy().put("kid", new JsonArray().add("rsa")), claims()))))
                .flatMap(rows -> rows);
    }

    /** Returns tokens whose header carries or refers to a verification key, or has unsupported parameters. */
    private static Stream<Row> ownKeys() {
        JsonObject header = new JsonObject().put("alg", "RS256").put("kid", Callers.KEY_ID);
        JsonObject jwk = TestIssuer.jwk(Callers.KEY_ID, Callers.RSA.getPublic());
        return Stream.of(
                        header.copy().put("jwk", jwk),
                        header.copy().put("jku", "http://127.0.0.1:1/jwks.json"),
                        header.copy().put("x5u", "http://127.0.0.1:1/chain.pem"),
                        header.copy().put("x5c", new JsonArray().add("MIIB")),
                        header.copy().put("crit", new JsonArray().add("exp")),
                        header.copy().put("zip", "DEF").put("crit", new JsonArray().add("zip")))
                .map(own -> bad("a key of its own", rsa(own, claims())));
    }

    private static Stream<Row> carriers() {
        String viewer = Callers.VIEWER_TOKEN;
        String other = Callers.PUBLISHER_TOKEN;
        return Stream.of(
                unauthenticated("no token", get(READ)),
                unauthenticated("query token", get(READ + "?access_token=" + viewer)),
                unauthenticated("query token", get(READ + "?token=" + viewer)),
                unauthenticated("query token", get(READ + "?jwt=" + viewer)),
                unauthenticated("another scheme", get(READ, "Authorization: Basic dmVyYTp2ZXJh")),
                unauthenticated("another scheme", get(READ, "Authorization: Token " + viewer)),
                unauthenticated("another scheme", get(READ, "Authorization: Bearer" + viewer)),
                unauthenticated("another scheme", get(READ, "Authorization: " + viewer)),
                unauthenticated("another header", get(READ, "X-Authorization: Bearer " + viewer)),
                unauthenticated("another header", get(READ, "Proxy-Authorization: Bearer " + viewer)),
                unauthenticated("another header", get(READ, "X-Access-Token: " + viewer)),
                unauthenticated("another cookie", get(READ, "Cookie: Tidegate=" + viewer)),
                unauthenticated("another cookie", get(READ, "Cookie: __Host-tidegate=" + viewer)),
                unauthenticated("claimed identity", get(READ, "X-Remote-User: ada", "X-Forwarded-User: ada")),
                unauthenticated("good and bad", get(READ, Callers.VIEWER, "Cookie: tidegate=" + viewer + "x")),
                unauthenticated("good and bad", get(READ, Callers.bearer("a.b.c"), "Cookie: tidegate=" + viewer)),
                // It is ambiguous which of two headers applies. nginx itself rejects them.
                refused("two carriers", get(READ, Callers.VIEWER, Callers.PUBLISHER), 400, "conflicting-credentials")
                        .nginx(400),
                refused("two carriers", get(READ, Callers.VIEWER, Callers.COOKIE), 400, "conflicting-credentials"),
                refused(
                        "two carriers",
                        get(READ, "Cookie: tidegate=" + viewer + "; tidegate=" + other),
                        400,
                        "conflicting-credentials"),
                refused(
                        "two carriers",
                        get(READ, "Cookie: tidegate=" + viewer, "Cookie: tidegate=" + other),
                        400,
                        "conflicting-credentials"));
    }

    /**
     * Returns rows with tickets: {@code {ticket}} is a valid viewer ticket; {@code {ended}} is one that an admin has
     * ended.
     */
    private static Stream<Row> tickets() {
        String madeUp = "tide-" + "A".repeat(43);
        return Stream.of(
                unauthenticated("ticket replay", get(READ + "?ticket={ended}")),
                unauthenticated("ticket replay", get("/api/sse/sessions?ticket={ended}", "Accept: text/event-stream")),
                unauthenticated("ticket replay", get("/?ticket={ended}", "Accept: text/html")),
                unauthenticated("ticket replay", get(READ + "?ticket={ended}", Callers.VIEWER)),
                unauthenticated("ticket", get(READ + "?ticket=" + madeUp)),
                unauthenticated("ticket", get(READ + "?ticket={ticket}x")),
                unauthenticated("ticket", get(READ + "?ticket=%20{ticket}")),
                unauthenticated("ticket", get(READ + "?ticket=" + Callers.VIEWER_TOKEN)),
                unauthenticated("ticket elsewhere", get(READ, "Authorization: Bearer {ticket}")),
                unauthenticated("ticket elsewhere", get(READ, "Cookie: tidegate={ticket}")),
                unauthenticated("ticket elsewhere", get(READ + "?access_token={ticket}")),
                refused("ticket", get(READ + "?ticket={ticket}&ticket=" + madeUp), 400, "conflicting-credentials"),
                refused("ticket", get(READ + "?ticket={ticket}", Callers.PUBLISHER), 400, "conflicting-credentials"),
                refused(
                        "ticket role",
                        Http.send("POST", "/api/sessions?ticket={ticket}", "application/json", "{}"),
                        403,
                        "forbidden"),
                refused("ticket role", get("/api/streams?ticket={ticket}"), 403, "forbidden"),
                Row.answered("ticket passed on", get("/shop/a?x=1&ticket={ticket}", "Referer: /?ticket={ticket}"), 200)
                        .has("/shop/a?x=1"));
    }

    private static Row bad(String theme, String token) {
        return unauthenticated(theme, get(READ, Callers.bearer(token)));
    }

    private static Row unauthenticated(String theme, String request) {
        return refused(theme, request, 401, "unauthenticated");
    }

    private static JsonObject claims() {
        return TestIssuer.claims(Callers.ISSUER, Callers.NOW);
    }

    private static String rsa(String algorithm, String id, JsonObject claims) {
        return TestIssuer.token(algorithm, Callers.RSA.getPrivate(), id, claims);
    }

    private static String rsa(JsonObject header, JsonObject claims) {
        return TestIssuer.token("RS256", Callers.RSA.getPrivate(), header, claims);
    }

    private static String printable(String name) {
        return name.length() > 60 ? name.substring(0, 60) : name;
    }
}
