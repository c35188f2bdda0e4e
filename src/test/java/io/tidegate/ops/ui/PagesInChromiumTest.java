package io.tidegate.ops.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import io.tidegate.ops.ui.FakeGateway.Streams;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tests the pages in a real browser. The clock of the page is advanced where waiting for timers would take too long.
 */
class PagesInChromiumTest extends ChromiumBed {

    PagesInChromiumTest() {
        super(1_280, 900);
    }

    @Test
    void theOverviewFollowsEveryListOnOneStream() {
        gateway.put("sessions", "created", session("s-1", "Anna"));
        gateway.put("deploys", "created", deploy("d-1"));
        visit("/", "real-time");
        assertThat(page.locator("#sessions li")).hasCount(1);
        assertThat(page.locator("#count-deploys")).hasText("1");

        gateway.put("sessions", "created", session("s-2", "Bert"));
        gateway.put("instances", "created", new JsonObject().put("id", "web-1"));
        gateway.finish("d-1", "failed", 2);
        assertThat(page.locator("#sessions li").first()).containsText("Bert");
        assertThat(page.locator("#instances li")).hasText(Pattern.compile("web-1"));
        assertThat(page.locator("#deploys .badge")).hasText("failed");
        assertThat(page.locator("#count-deploys")).hasText("0");

        gateway.put("sessions", "updated", session("s-2", "Berta"));
        assertThat(page.locator("#sessions li").first()).containsText("Berta");
        gateway.remove("sessions", "terminated", "s-1");
        assertThat(page.locator("#sessions li")).hasCount(1);
        assertThat(page.locator("#activity .type").first()).hasText("session_terminated");
        assertEquals(1, gateway.opened());
    }

    @Test
    void whatSomeonePublishesIsShownAsTextAndNeverRun() {
        visit("/", "real-time");
        String attack = "<img src=x onerror=alert(1)>";
        gateway.put("sessions", "created", session("s-1", attack));
        assertThat(page.locator("#sessions li b")).hasText(attack);
        assertThat(page.locator("#activity .text").first()).hasText(attack);
        assertThat(page.locator("#sessions img, #activity img")).hasCount(0);
    }

    @Test
    void manyLinesOfOneLogAreOneLineOfActivity() {
        gateway.put("deploys", "created", deploy("d-1"));
        visit("/", "real-time");
        for (int n = 1; n <= 30; n++) {
            gateway.log("d-1", n, "stdout", "line " + n);
        }
        assertThat(page.locator("#activity li").first()).containsText("line 30");
        assertThat(page.locator("#activity li").first()).containsText("30 lines");
        assertThat(page.locator("#activity li")).hasCount(2);
        page.locator("#activity summary").first().click();
        assertThat(page.locator("#activity pre")).containsText("\"deploy_id\": \"d-1\"");
    }

    @Test
    void aNewcomerCreatesAndEndsASession() {
        visit("/", "real-time");
        page.fill("#session-name", "First");
        page.keyboard().press("Enter");
        Locator row = page.locator("#sessions li");
        assertThat(row).containsText("First");
        assertThat(page.locator("#session-name")).hasValue("");
        row.getByRole(com.microsoft.playwright.options.AriaRole.BUTTON).click();
        assertThat(row).hasCount(0);
        assertThat(page.locator("#sessions + .empty")).isVisible();
    }

    @Test
    void theButtonStartsADeployAndGoesToItsPage() {
        visit("/", "real-time");
        page.click("#start");
        page.waitForURL("**/deployment/d-1");
        assertThat(page.locator("#name")).hasText("demo");
        assertThat(page.locator("#status")).hasText("running");
        page.click("#cancel");
        assertThat(page.locator("#status")).hasText("cancelled");
        assertThat(page.locator("#light")).hasText("Complete");
        assertThat(page.locator("#cancel")).isHidden();
    }

    @Test
    void aRefusedDeployIsToldInTheWordsOfTheGateway() {
        gateway.deploysRefused(true);
        visit("/", "real-time");
        page.click("#start");
        assertThat(page.locator("#toasts")).containsText("refused by the test");
        assertThat(page.locator("#start")).isEnabled();
    }

    @Test
    void whatHappensWhileAListIsReadIsNotForgotten() {
        gateway.put("sessions", "created", session("s-1", "Anna"));
        page.route("**/api/sessions", route -> {
            // The outdated list arrives after the event that changed it.
            var old = route.fetch();
            gateway.put("sessions", "created", session("s-2", "Bert"));
            gateway.remove("sessions", "terminated", "s-1");
            page.locator("#activity").getByText("session_terminated").waitFor();
            route.fulfill(new com.microsoft.playwright.Route.FulfillOptions().setResponse(old));
        });
        visit("/", "real-time");
        assertThat(page.locator("#sessions li b")).hasText("Bert");
    }

    @Test
    void withoutAStreamTheOverviewPollsAndReturnsByItself() {
        gateway.streams(Streams.REFUSED);
        visit("/", "polling");
        gateway.put("sessions", "created", session("s-1", "Anna"));
        page.clock().fastForward(60_000);
        assertThat(page.locator("#sessions li")).containsText("Anna");
        assertThat(page.locator("#light")).hasText("Polling");

        gateway.streams(Streams.GIVEN);
        page.clock().fastForward(300_000);
        assertThat(page.locator("#light")).hasText("Real-time");
        gateway.put("sessions", "created", session("s-2", "Bert"));
        assertThat(page.locator("#sessions li")).hasCount(2);
    }

    @Test
    void aBusyGatewayIsPolledUntilItHasAStream() {
        gateway.streams(Streams.BUSY);
        visit("/", "polling");
        assertThat(page.locator("#light"))
                .hasAttribute("title", "The gateway cannot open another stream right now; polling until it can");
        gateway.put("sessions", "created", session("s-1", "Anna"));
        page.clock().fastForward(60_000);
        assertThat(page.locator("#sessions li")).containsText("Anna");
        gateway.streams(Streams.GIVEN);
        page.clock().fastForward(60_000);
        assertThat(page.locator("#light")).hasText("Real-time");
    }

    @Test
    void aLostStreamIsSaidAtOnceAndFoundAgain() {
        visit("/", "real-time");
        gateway.streams(Streams.REFUSED);
        gateway.cut();
        assertThat(page.locator("#light")).hasText("Polling");
        gateway.streams(Streams.GIVEN);
        page.clock().fastForward(60_000);
        assertThat(page.locator("#light")).hasText("Real-time");
    }

    @Test
    void whoIsSignedOutIsToldTheWayInAndAsksNoMore() {
        gateway.signedIn(false);
        visit("/", "offline");
        assertThat(page.locator("#way-in h1")).hasText("Sign in");
        assertThat(page.locator("#way-in")).containsText("target/tidegate token");
        assertThat(page.locator("#main")).isHidden();
        int asked = gateway.refused();
        page.clock().fastForward(600_000);
        assertEquals(asked, gateway.refused());

        page.fill("#way-in input", "bad");
        page.click("#way-in .primary");
        assertThat(page.locator("#toasts")).containsText("not accepted");
        page.fill("#way-in input", "good");
        page.click("#way-in .primary");
        assertThat(page.locator("#light")).hasText("Real-time");
        assertThat(page.locator("#main")).isVisible();
    }

    @Test
    void aDeploySaysEachLineAndItsEnd() {
        gateway.put("deploys", "created", deploy("d-1"));
        gateway.log("d-1", 1, "stdout", "packing");
        visit("/deployment/d-1", "real-time");
        assertThat(page.locator(".line")).hasCount(1);
        gateway.log("d-1", 2, "stderr", "\u001b[31mcareful\u001b[0m <b>");
        gateway.log("d-1", 2, "stderr", "committed twice");
        gateway.log("d-1", 3, "stdout", "done");
        assertThat(page.locator(".said")).hasText(new String[] {"packing", "careful <b>", "done"});
        assertThat(page.locator(".line.err .mark")).hasText("err");
        gateway.finish("d-1", "succeeded", 0);
        assertThat(page.locator("#status")).hasText("succeeded");
        assertThat(page.locator("#exit")).hasText("0");
        assertThat(page.locator("#light")).hasText("Complete");
        page.waitForCondition(() -> gateway.open() == 0);

        page.check("#errors");
        assertThat(page.locator(".line:visible")).hasCount(1);
    }

    @Test
    void aFinishedDeployIsShownWholeWithoutAStream() {
        gateway.put("deploys", "created", deploy("d-1"));
        for (int n = 1; n <= 2500; n++) {
            gateway.log("d-1", n, "stdout", "line " + n);
        }
        gateway.finish("d-1", "failed", 3);
        visit("/deployment/d-1", "ended");
        assertThat(page.locator(".line")).hasCount(2500);
        assertThat(page.locator(".said").last()).isInViewport();
        assertThat(page.locator("#exit")).hasText("3");
        assertEquals(0, gateway.opened());
    }

    @Test
    void theLogFollowsTheEndUntilItsReaderScrollsUp() {
        gateway.put("deploys", "created", deploy("d-1"));
        for (int n = 1; n <= 300; n++) {
            gateway.log("d-1", n, "stdout", "line " + n);
        }
        visit("/deployment/d-1", "real-time");
        assertThat(page.locator(".said").last()).isInViewport();
        page.evaluate("document.getElementById('log').scrollTop = 0");
        assertThat(page.locator(".said").first()).isInViewport();
        gateway.log("d-1", 301, "stdout", "the newest");
        assertThat(page.locator("#latest")).isVisible();
        assertThat(page.locator(".said").first()).isInViewport();
        page.click("#latest");
        assertThat(page.getByText("the newest")).isInViewport();
        assertThat(page.locator("#latest")).isHidden();
    }

    @Test
    void aDeployThatNobodyKnowsIsSaidToBeUnknown() {
        visit("/deployment/nowhere", "offline");
        assertThat(page.locator("#way-in h1")).hasText("Not found");
    }

    @Test
    void theLabCountsWhatArrivesOnEachStreamAndLeavesConnectionsFree() {
        page.navigate(gateway.url("/lab"));
        page.fill("[name=streams]", "50");
        page.click("#toggle");
        assertThat(page.locator("#protocol")).containsText("4 of the 50 streams");
        page.fill("[name=events]", "30");
        page.fill("[name=rate]", "100");
        page.click("#send");
        assertThat(page.locator("#received")).hasText("120");
        assertThat(page.locator("#missing")).hasText("0");
        assertThat(page.locator("#streams tr")).hasCount(4);
        assertTrue(page.locator("#median").textContent().endsWith(" ms"));
        page.click("#toggle");
        page.waitForCondition(() -> gateway.open() == 0);
    }

    @Test
    void onANarrowScreenNothingIsWiderThanTheScreen() {
        gateway.put("deploys", "created", deploy("d-1"));
        gateway.put("sessions", "created", session("s-1", "A name that is much too long for a row of a telephone"));
        gateway.log("d-1", 1, "stdout", "x".repeat(500));
        page.setViewportSize(360, 740);
        for (String path : List.of("/", "/deployment/d-1", "/lab")) {
            page.navigate(gateway.url(path));
            assertEquals(true, page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path);
        }
        gateway.signedIn(false);
        visit("/", "offline");
        assertEquals(true, page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "way in");
    }

    private void visit(String path, String status) {
        page.navigate(gateway.url(path));
        assertThat(page.locator("#light")).hasAttribute("data-status", status, within());
    }

    private static com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions within() {
        return new com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions().setTimeout(20_000);
    }

    private static JsonObject session(String id, String name) {
        return new JsonObject().put("id", id).put("name", name).put("status", "active");
    }

    private static JsonObject deploy(String id) {
        return new JsonObject().put("id", id).put("recipe", "demo").put("status", "running");
    }
}
