package io.tidegate.terminal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.Chromium;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestTerminal;
import io.vertx.core.json.JsonObject;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the web terminal in a browser, behind nginx and the gateway, each in a separate process. */
@Needs({"chromium", "nginx"})
@Timeout(240)
@SuppressWarnings("NullAway.Init") // the fields are set before all tests
class TerminalInChromiumTest {

    private static final long LARGE = 100_000_000;
    private static final long MAX_GROWTH_KIB = 48 << 10;
    private static final ContainsTextOptions WITHIN_40_SECONDS = new ContainsTextOptions().setTimeout(40_000);

    @TempDir
    private static Path folder;

    private static TestTerminal service;
    private static ChildNode gateway;
    private static TestNginx nginx;
    private static Chromium chromium;

    private Page page;

    @BeforeAll
    static void start() throws Exception {
        Path files = Files.createDirectories(folder.resolve("files"));
        service = TestTerminal.start(files);
        Path node = Files.createDirectories(folder.resolve("node/conf")).getParent();
        Files.writeString(
                node.resolve("conf/tidegate.yaml"),
                """
                origins: [{prefix: /, url: "http://127.0.0.1:%d"}]
                watches: [{kind: sessions, origin: /, path: /api/sessions}]
                taps: [{on: POST /api/sessions, topic: sessions, type: session_created}]
                auth: {anonymous: {topics: [sessions]}}
                deploys: {recipes: {none: {command: ["true"], time-limit: 1s}}, default-recipe: none}
                """
                        .formatted(service.port()));
        List<String> options = List.of("@" + Path.of("conf/jvm.options").toAbsolutePath(), "-Dtidegate.log=warn");
        gateway = ChildNode.start(node, "true", options);
        nginx = TestNginx.inFrontOf(gateway.port(), folder);
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() throws Exception {
        chromium.close();
        nginx.close();
        gateway.close();
        service.close();
    }

    @BeforeEach
    void openPage() {
        page = chromium.page(1280, 800);
    }

    @AfterEach
    void closePage() throws Exception {
        page.context().close();
        String list = TestShell.send("GET", service.uri("/api/sessions"), "").body();
        for (Object session : new JsonObject(list).getJsonArray("sessions")) {
            TestShell.send("DELETE", service.uri("/api/sessions/" + ((JsonObject) session).getString("id")), "");
        }
        assertEquals(List.of(), chromium.errors());
    }

    @Test
    void theTerminalWorksAlsoWhileALargeFileGoesToASlowReader() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("files/recording").toFile(), "rw")) {
            file.setLength(LARGE);
        }
        newShell("live.html");
        type("echo $((40 + 2)) an''swers");
        shows("42 answers");
        try (Resident resident = new Resident(gateway.process())) {
            long before = resident.kib();
            SlowDownload download = new SlowDownload(nginx.port(), "/files/recording", LARGE);
            for (int i = 1; i <= 5; i++) {
                type("echo $((1000 + " + i + ")) during");
                shows((1000 + i) + " during");
            }
            long during = download.bytesRead();
            assertTrue(during > 0 && during < LARGE, during + " bytes were downloaded in the meantime");

            Locator rows = page.locator(".xterm-rows > div");
            int rowsBefore = rows.count();
            page.setViewportSize(1280, 640);
            assertThat(rows).not().hasCount(rowsBefore);
            type("echo now $(stty size)");
            shows("now " + rows.count() + " ");

            long all = download.finish();
            assertTrue(all > LARGE, all + " bytes were downloaded in total");
            long growth = resident.peakKib() - before;
            System.out.printf(
                    "100 MB to a slow reader: the gateway used %,d KiB before, at most %,d KiB during the download%n",
                    before, before + growth);
            assertTrue(growth < MAX_GROWTH_KIB, "the gateway grew by " + growth + " KiB");
        }
        type("exit");
        assertThat(page.locator("#state")).hasText("the shell has ended");
        assertThat(page.locator("#sessions li")).hasCount(0);
    }

    @Test
    void theLivePageShowsWhatOthersDoWithoutAskingAgain() throws Exception {
        AtomicInteger listRequests = new AtomicInteger();
        page.onRequest(request -> {
            if (URI.create(request.url()).getPath().equals("/api/sessions")) {
                listRequests.incrementAndGet();
            }
        });
        page.navigate("http://127.0.0.1:" + nginx.port() + "/live.html");
        assertThat(page.locator("#light")).hasText("Real-time");

        TestShell.create(URI.create("http://127.0.0.1:" + nginx.port()), "{\"name\":\"through nginx\"}");
        assertThat(page.locator("#sessions")).containsText("through nginx", WITHIN_40_SECONDS);
        JsonObject beside = TestShell.create(service.uri("/"), "{\"name\":\"beside the gateway\"}");
        assertThat(page.locator("#sessions")).containsText("beside the gateway", WITHIN_40_SECONDS);
        TestShell.send("DELETE", service.uri("/api/sessions/" + beside.getString("id")), "");
        assertThat(page.locator("#sessions li")).hasCount(1);
        assertThat(page.locator("#light")).hasText("Real-time");
        assertEquals(1, listRequests.get());
    }

    @Test
    void thePollingPageMeetsTheLimitAndSaysSo() throws Exception {
        try (TestTerminal strict = TestTerminal.start(folder, "--requests-per-minute", "4")) {
            page.navigate(strict.uri("/").toString());
            assertThat(page.locator("#light")).hasText("Polling");
            assertThat(page.locator("#stuck")).isVisible();
            assertThat(page.locator("#light")).hasText("Too many requests");
            TestShell.create(strict.uri("/"), "{\"name\":\"unseen\"}");
            assertThat(page.locator("#age")).hasText(Pattern.compile("([4-9]|\\d\\d) s"));
            assertThat(page.locator("#sessions li")).hasCount(0);
            assertEquals(1, strict.requests(line -> line.endsWith("GET /api/sessions 429")));
        }
    }

    private void newShell(String path) {
        page.navigate("http://127.0.0.1:" + nginx.port() + "/" + path);
        page.fill("#name", "Mine");
        page.locator("#create button").click();
        assertThat(page.locator("#state")).hasText("connected");
        shows("$");
    }

    private void type(String line) {
        page.keyboard().type(line + "\n");
    }

    private void shows(String text) {
        assertThat(page.locator(".xterm-rows")).containsText(text, WITHIN_40_SECONDS);
    }
}
