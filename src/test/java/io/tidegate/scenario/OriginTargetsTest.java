package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Rate;
import io.tidegate.edge.limit.RateRule;
import io.tidegate.edge.limit.RequestLimits;
import io.tidegate.edge.limit.StreamLimits;
import io.tidegate.event.Kind;
import io.tidegate.fixture.EchoOrigin;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests request targets as origins receive them, and targets that programs could interpret differently. */
@SuppressWarnings("NullAway.Init") // filled before all tests
@Timeout(120)
class OriginTargetsTest {

    private static final Rate FAST = new Rate(6_000_000, 100_000);
    private static final RequestLimits RULES = new RequestLimits(
            FAST, FAST, FAST, List.of(new RateRule("/login", 6_000_000, 100_000)), List.of("/ws/"), 100);

    @TempDir
    private static Path data;

    private static EchoOrigin app;
    private static EchoOrigin shop;
    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        app = new EchoOrigin("app");
        shop = new EchoOrigin("shop");
        node = TestNode.start(TestSettings.in(data)
                .origins(
                        TestOrigin.of("/", app.port()),
                        TestOrigin.of("/shop", shop.port()),
                        TestOrigin.passing(TestOrigin.of("/strip", shop.port()), true, HostPolicy.PRESERVE))
                .kinds(Kind.SESSIONS)
                .limits(new LimitOptions(RULES, new StreamLimits(100, 100, 100, FAST)))
                .build());
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
        app.close();
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // a scoped npm package, as npm and yarn request it
                "/@scope%2fname",
                "/@scope%2Fname/-/name-1.0.0.tgz",
                "/-/package/@types%2fnode/dist-tags",
                // the default virtual host of RabbitMQ, a branch in Jenkins, a project in GitLab
                "/api/queues/%2F/q",
                "/api/exchanges/%2f/amq.topic/bindings/source",
                "/job/feature%252Fx/",
                "/job/team/job/app/job/feature%252Fx/lastBuild/api/json?tree=number",
                "/api/v4/projects/group%2Fproject/repository/files/src%2Fmain.c/raw?ref=main",
                "/a//b",
                "//a/b",
                "/a///",
                "/a/./b",
                "/a/../b",
                "/a/b/..",
                "/a/..",
                "/a/b/%2e%2e/c",
                "/a%5Cb",
                "/a\\b",
                "/a;v=1/b;w",
                "/a/;/b",
                "/%41bc",
                "/a%c0%afb",
                "/caf\u00c3\u00a9",
                "/caf%E9",
                "/x?q=\u00c3\u00a9",
                "/x?q=%zz&next=//x/../y%2F%00",
                "/x?",
                "/x?a=\"<>^`{|}\\"
            })
    void aTargetPassesUnchanged(String target) throws Exception {
        Answer answer = get(target);
        assertEquals(200, answer.status(), answer.body());
        String line = app.lines().get(app.lines().size() - 1);
        assertEquals("GET " + target + " HTTP/1.1", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shop/../admin",
                "/shop/%2e%2e/admin",
                "/shop/.%2E/admin",
                "/shop/%252e%252e/admin",
                "/shop/..;/admin",
                "/shop/..;x=y/admin",
                "/shop/..%3b/admin",
                "/shop/..%2fadmin",
                "/shop/..%252fadmin",
                "/shop/..%5cadmin",
                "/shop/..\\admin",
                "/shop/%c0%ae%c0%ae/admin",
                "/shop/%c0%ae%c0%ae%c0%afadmin",
                "/shop/\u00c0\u00ae\u00c0\u00ae/admin",
                "/shop//../../admin",
                "/strip/../admin",
                "/strip/%2e%2e/admin",
                "/%73hop/admin",
                "/%2573hop/admin",
                "//shop/admin",
                "/./shop/admin",
                "/x/../shop/admin",
                "/x/..;/shop/admin",
                "/x%2f..%2fshop/admin",
                "/shop%2fadmin",
                "/shop%5cadmin",
                "/shop;x/admin",
                "/shop%3bx/admin",
                "/;/shop/admin"
            })
    void noFormReachesAnotherPrefix(String target) throws Exception {
        assertRefused(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//login",
                "/./login",
                "/x/../login",
                "/login/../x",
                "/%256cogin",
                "/ws/../login",
                "/ws/%2e%2e/x",
                "/ws/..;/x",
                "/ws%2fx",
                "//ws/x",
                "/x/%2e%2e/ws/x"
            })
    void noFormCountsUnderAnotherRate(String target) throws Exception {
        assertRefused(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//api/events",
                "/api//events",
                "/api/./events",
                "/api/x/../events",
                "/api/x/%2e%2e/events",
                "/api/events/.",
                "/api/events/x/..",
                "/api%2fevents",
                "/api%252fevents",
                "/api\\events",
                "/api/events;x=1",
                "/api/%2565vents",
                "/api/sessions/a%2fb",
                "/api/sessions/a/..",
                "/x/..%2fapi/sse/sessions",
                "/api/sse/%2e%2e/x",
                "/_tidegate/%2e%2e/x",
                "/_tidegate//health",
                "/_tidegate%2fhealth",
                "/x/../_tidegate/",
                "/_tidegate;x/"
            })
    void noFormReachesARouteOfTheGatewayOrComesFromOne(String target) throws Exception {
        assertRefused(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../x",
                "/a/../../x",
                "/a/%2e%2e/%2e%2e/x",
                "/a%00",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a#b",
                "/a?b#c",
                "/a\u0001b",
                "/a\u007f",
                "/x?q=\u00e9",
                "/\u00e9",
                "/a%25252525252fb"
            })
    void aTargetThatNoServerShouldAcceptIsRefused(String target) throws Exception {
        assertRefused(target);
    }

    @Test
    void anOriginThatIsStrippedReceivesTheRestUnchanged() throws Exception {
        assertEquals(
                "shop GET /@scope%2fname//x/./y;z?q=%zz HTTP/1.1",
                get("/strip/@scope%2fname//x/./y;z?q=%zz").body());
        assertEquals("shop GET //x HTTP/1.1", get("/strip//x").body());
    }

    @Test
    void aPlainPathOfTheGatewayIsItsOwnHoweverItIsWritten() throws Exception {
        assertEquals(200, get("/api/%65vents").status());
    }

    private static void assertRefused(String target) throws Exception {
        int before = app.lines().size() + shop.lines().size();
        Answer answer = get(target);
        assertEquals(400, answer.status(), answer.body());
        assertEquals("invalid-target", answer.json().getString("code"));
        assertEquals(before, app.lines().size() + shop.lines().size());
    }

    private static Answer get(String target) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + node.viewer() + "\r\n\r\n")
                    .response();
        }
    }
}
