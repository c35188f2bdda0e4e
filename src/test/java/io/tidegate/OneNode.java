package io.tidegate;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A node with the defaults, for all tests of a class. */
@SuppressWarnings("NullAway.Init") // filled before all tests
public abstract class OneNode {

    @TempDir
    protected static Path data;

    protected static TestNode node;

    @BeforeAll
    static void startNode() throws Exception {
        node = TestNode.start(data);
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }
}
