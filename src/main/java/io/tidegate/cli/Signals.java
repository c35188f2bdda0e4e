package io.tidegate.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the first SIGTERM or SIGINT into a request to stop; the second ends the process at once. A shutdown hook could do
 * neither: the process would end with 143, and while hooks run the JVM does not hear a second signal. The class behind it
 * is {@code sun.misc.Signal}, which the JDK supports but warns about, hence by reflection.
 */
@FunctionalInterface
interface Signals {

    Logger LOG = LoggerFactory.getLogger(Signals.class);

    /** Begins to listen; what is returned completes on the first signal. */
    CompletableFuture<Void> listen();

    static Signals ofProcess() {
        return () -> {
            CompletableFuture<Void> first = new CompletableFuture<>();
            handle("TERM", 143, first);
            handle("INT", 130, first);
            return first;
        };
    }

    private static void handle(String name, int status, CompletableFuture<Void> first) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler react = (proxy, method, arguments) -> react(proxy, method, arguments, status, first);
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, react);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException notOurs) {
            // With -Xrs, say: the signal then ends the process as if nothing had been asked, and the journal stands
            // that.
            LOG.warn("event=signal-not-handled signal={} reason={}", name, String.valueOf(notOurs.getCause()));
        }
    }

    private static Object react(
            Object proxy, Method method, Object[] arguments, int status, CompletableFuture<Void> first) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> "Signals";
            default -> {
                if (!first.complete(null)) {
                    Runtime.getRuntime().halt(status);
                }
                yield proxy;
            }
        };
    }
}
