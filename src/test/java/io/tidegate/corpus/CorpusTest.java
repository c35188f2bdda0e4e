package io.tidegate.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sends the corpus directly to the gateway. */
class CorpusTest extends CorpusContract {

    @Override
    int open(CorpusNode node, Path folder) {
        return node.port();
    }

    @Override
    boolean direct() {
        return true;
    }

    @Test
    void isLargeAndNoRowStandsTwice() {
        List<String> requests = requests();
        assertTrue(requests.size() >= 200, requests.size() + " rows");
        assertEquals(requests.size(), Set.copyOf(requests).size());
    }
}
