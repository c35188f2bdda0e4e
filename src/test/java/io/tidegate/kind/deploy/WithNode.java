package io.tidegate.kind.deploy;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Provides a new node for each test of a class. */
@ExtendWith(VertxExtension.class)
abstract class WithNode {

    protected Node node;

    @BeforeEach
    void open(Vertx vertx, @TempDir Path data) {
        node = new Node(vertx, data);
    }

    @AfterEach
    void close(VertxTestContext test) {
        node.close().onComplete(test.succeedingThenComplete());
    }
}
