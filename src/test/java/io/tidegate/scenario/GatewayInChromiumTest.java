package io.tidegate.scenario;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import io.tidegate.fixture.Chromium;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the embedded pages in a real browser with a real gateway. */
@Needs("chromium")
class GatewayInChromiumTest {

    private static final double DEPLOY_MILLIS = 40_000;

    @TempDir
    private Path data;

    private TestNode node;
    private Chromium chromium;
    private Page page;

    @BeforeEach
    void open() throws Exception {
        node = TestNode.start(data);
        chromium = new Chromium();
        page = chromium.page(1280, 900);
        page.navigate(url("/?ticket=" + node.gateway().ticket()));
        assertThat(page.locator("#light")).hasText(Pattern.compile("real-time", Pattern.CASE_INSENSITIVE));
    }

    @AfterEach
    void close() {
        List<String> errors = chromium.errors();
        chromium.close();
        node.close();
        assertEquals(List.of(), errors);
    }

    @Test
    void thePrintedAddressSignsInAndWhatHappensIsShownAtOnce() throws Exception {
        assertEquals(url("/"), page.url());
        node.send("POST", "/api/sessions", "{\"id\":\"one\",\"name\":\"Anna\"}");
        assertThat(page.locator("#sessions li")).containsText("Anna");
        node.send("DELETE", "/api/sessions/one", "");
        assertThat(page.locator("#count-sessions")).hasText("0");
        page.fill("#session-name", "Berta");
        page.keyboard().press("Enter");
        assertThat(page.locator("#sessions li")).containsText("Berta");
    }

    @Test
    void aDeployIsStartedByTheButtonAndReadToItsEnd() {
        page.click("#start");
        page.waitForURL("**/deployment/*");
        assertThat(page.locator("#status")).hasText("succeeded", new HasTextOptions().setTimeout(DEPLOY_MILLIS));
        assertThat(page.locator("#exit")).hasText("0");
        int lines = page.locator("#log > *").count();
        page.reload();
        assertThat(page.locator("#status")).hasText("succeeded");
        assertThat(page.locator("#log > *")).hasCount(lines);
    }

    @Test
    void theLabOpensItsStreamsAndSeesWhatItPublishes() {
        page.navigate(url("/lab"));
        page.click("#toggle");
        assertThat(page.locator("#opened")).not().hasText("0");
        assertThat(page.locator("#send")).isEnabled();
        page.click("#send");
        assertThat(page.locator("#published")).not().hasText("0");
        assertThat(page.locator("#received")).not().hasText("0");
        assertThat(page.locator("#missing")).hasText("0");
    }

    @Test
    void thePagesFindAnApiThatHasMoved() throws Exception {
        assertThat(page.locator(".how .path").first()).hasText("/client.js");
        page.navigate("about:blank");
        node.close();
        node = TestNode.start(TestSettings.in(data).paths("/", "/live").build());
        page.navigate(url("/?ticket=" + node.gateway().ticket()));
        assertThat(page.locator("#light")).hasText(Pattern.compile("real-time", Pattern.CASE_INSENSITIVE));
        assertThat(page.locator(".how .path").nth(1)).hasText("/_tidegate/api/sse/sessions");
        node.send("POST", "/live/sessions", "{\"id\":\"one\",\"name\":\"Anna\"}");
        assertThat(page.locator("#sessions li")).containsText("Anna");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + node.port() + path;
    }
}
