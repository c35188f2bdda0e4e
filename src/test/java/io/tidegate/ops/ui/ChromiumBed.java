package io.tidegate.ops.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import io.tidegate.fixture.Chromium;
import io.tidegate.fixture.Needs;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Provides one browser for all tests of a class, and for each test a fake gateway and a page with a stopped clock. */
@Needs("chromium")
@SuppressWarnings("NullAway.Init") // the fields are set before each test
@ExtendWith(VertxExtension.class)
abstract class ChromiumBed {

    static Chromium chromium;

    private final int width;
    private final int height;

    FakeGateway gateway;
    Page page;

    ChromiumBed(int width, int height) {
        this.width = width;
        this.height = height;
    }

    @BeforeAll
    static void launch() {
        chromium = new Chromium();
    }

    @AfterAll
    static void quit() {
        chromium.close();
    }

    @BeforeEach
    void openPage(Vertx vertx) throws Exception {
        gateway = new FakeGateway(vertx);
        page = chromium.page(width, height);
        page.clock().install();
    }

    @AfterEach
    void closePage() {
        page.context().close();
        assertEquals(List.of(), chromium.errors());
    }
}
