package io.tidegate.http;

import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.proxy.origin.FieldChanges;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginFields;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a node in front of a service at {@code /shop}; the origin of {@code /down} is unreachable. */
final class ShopNode implements AutoCloseable {

    private final TestNode node;

    /**
     * Starts the service and the node.
     *
     * @param vertx the Vert.x instance of the test, which runs the service
     */
    ShopNode(Vertx vertx, Path data, HttpOptions options, Handler<HttpServerRequest> shop) throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(shop)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        node = TestNode.start(TestSettings.in(data)
                .origins(
                        new Origin("/shop", URI.create("http://127.0.0.1:" + port))
                                .withFields(new OriginFields(
                                        OriginFields.DEFAULTS.upgrades(),
                                        List.of("vscode-webview://*"),
                                        false,
                                        FieldChanges.NONE,
                                        FieldChanges.NONE)),
                        new Origin("/down", URI.create("http://127.0.0.1:1")))
                .http(options)
                .build());
    }

    TestNode node() {
        return node;
    }

    @Override
    public void close() {
        node.close();
    }
}
