package io.tidegate.proxy.differential;

import java.util.List;

/**
 * Differences from nginx that are defects of the gateway. The test fails when one of them is fixed, so that its entry
 * is removed here.
 */
final class KnownDefects {

    private KnownDefects() {}

    static List<Entry> all() {
        return List.of();
    }
}
