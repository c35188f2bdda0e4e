package io.tidegate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the first SIGTERM or SIGINT into a request to stop; the second ends the process immediately. A shutdown hook
 * could do neither: the process would exit with 143, and the JVM ignores further signals while hooks run. SIGHUP
 * requests a reload of the configuration, unless it was sent because the terminal in which the process was started has
 * been closed. The JDK supports {@code sun.misc.Signal}, but the compiler warns about it, so it is accessed by
 * reflection.
 */
@FunctionalInterface
interface Signals {

    Logger LOG = LoggerFactory.getLogger(Signals.class);

    /**
     * Installs the signal handlers.
     *
     * @param reload called on a separate thread for each SIGHUP
     * @return a future that completes on the first SIGTERM or SIGINT
     */
    CompletableFuture<Void> listen(Runnable reload);

    static Signals ofProcess() {
        return reload -> {
            CompletableFuture<Void> first = new CompletableFuture<>();
            boolean terminal = terminal();
            handle("TERM", () -> stop(first, 143));
            handle("INT", () -> stop(first, 130));
            handle("HUP", () -> {
                if (terminal && !terminal()) {
                    first.complete(null);
                } else {
                    reload.run();
                }
            });
            return first;
        };
    }

    private static void stop(CompletableFuture<Void> first, int status) {
        if (!first.complete(null)) {
            Runtime.getRuntime().halt(status);
        }
    }

    /** Returns whether the process has a controlling terminal. Opening the device of a closed terminal fails. */
    private static boolean terminal() {
        try (InputStream device = Files.newInputStream(Path.of("/dev/tty"))) {
            return device != null;
        } catch (IOException none) {
            return false;
        }
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler react = (proxy, method, arguments) -> react(proxy, method, arguments, action);
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, react);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException notOurs) {
            // This happens with -Xrs, for example. The signal then kills the process, but the journal remains intact.
            LOG.warn("event=signal-not-handled signal={} reason={}", name, String.valueOf(notOurs.getCause()));
        }
    }

    private static Object react(Object proxy, Method method, Object[] arguments, Runnable action) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> "Signals";
            default -> {
                action.run();
                yield proxy;
            }
        };
    }
}
