package io.tidegate.cli;

import io.tidegate.Settings;
import io.vertx.core.Future;

/** Where the process begins. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Tidegate.execute(Terminal.ofProcess(), Main::start, Signals.ofProcess(), arguments));
    }

    private static Future<Running> start(Settings settings) {
        return Future.failedFuture("this build has no gateway");
    }
}
