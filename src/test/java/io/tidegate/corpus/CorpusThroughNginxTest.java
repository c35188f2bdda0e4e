package io.tidegate.corpus;

import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNginx;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** Sends the corpus through a real nginx, which responds to some requests itself. */
@Needs("nginx")
class CorpusThroughNginxTest extends CorpusContract {

    private @Nullable TestNginx nginx;

    @Override
    int open(CorpusNode node, Path folder) throws Exception {
        nginx = TestNginx.inFrontOf(node.port(), folder);
        return nginx.port();
    }

    @Override
    boolean direct() {
        return false;
    }

    @AfterAll
    void end() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
    }
}
