package io.tidegate.proxy.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.junit5.VertxExtension;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests connecting to real servers whose names are resolved by a table. */
@Timeout(30)
@ExtendWith(VertxExtension.class)
class ServerDialerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicLong nanos = new AtomicLong(-5);
    private volatile List<String> table = List.of();
    private Vertx vertx;
    private HttpClient client;
    private HostAddresses addresses;
    private ServerDialer dialer;

    @BeforeEach
    void create(Vertx created) {
        vertx = created;
        client = vertx.createHttpClient();
        addresses = new HostAddresses(vertx, this::lookup, nanos::get);
        dialer = new ServerDialer(addresses);
    }

    @Test
    void theNextAddressIsTriedAndRememberedForAWhile() throws Exception {
        int port = listen("127.0.0.1");
        table = List.of("127.0.0.2", "127.0.0.1");
        assertEquals("127.0.0.1", connect("http://name:" + port));
        assertEquals(List.of("127.0.0.1", "127.0.0.2"), order("name", port));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertEquals(List.of("127.0.0.1", "127.0.0.2"), order("name", port));
        assertEquals(List.of("127.0.0.2", "127.0.0.1"), order("name", port + 1));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(30));
        assertEquals(List.of("127.0.0.2", "127.0.0.1"), order("name", port));
    }

    @Test
    void aServerThatListensOnlyOnVersionSixIsReached() throws Exception {
        int port = listen("::1");
        table = List.of("127.0.0.1", "::1");
        assertEquals("0:0:0:0:0:0:0:1", connect("http://name:" + port));
        assertEquals("0:0:0:0:0:0:0:1", connect("http://[::1]:" + port));
    }

    @Test
    void theLastFailureIsReportedWhenNoAddressWorks() throws Exception {
        int port = listen("127.0.0.3");
        table = List.of("127.0.0.1", "127.0.0.2");
        assertThrows(ConnectException.class, () -> connect("http://name:" + port));
    }

    @Test
    void aNameIsResolvedAgainAfterSeconds() throws Exception {
        table = List.of("127.0.0.1");
        assertEquals(table, order("name", 80));
        table = List.of("127.0.0.2");
        assertEquals(List.of("127.0.0.1"), order("name", 80));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertEquals(table, order("name", 80));
    }

    @Test
    void aNameThatIsUnknownForAMomentKeepsItsAddresses() throws Exception {
        assertThrows(UnknownHostException.class, () -> order("name", 80));
        table = List.of("127.0.0.1");
        assertEquals(table, order("name", 80));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        table = List.of();
        assertEquals(List.of("127.0.0.1"), order("name", 80));
    }

    private String connect(String server) throws Exception {
        HttpClientRequest request = onLoop(() -> dialer.open(
                client, new Origin("/", URI.create(server)), URI.create(server), new RequestOptions(), LONG));
        String address = request.connection().remoteAddress().hostAddress();
        request.connection().close();
        return address;
    }

    private List<String> order(String host, int port) throws Exception {
        return onLoop(() -> addresses.of(host, port)).stream()
                .map(SocketAddress::host)
                .toList();
    }

    private <T> T onLoop(Callable<Future<T>> task) throws Exception {
        Future<T> result = Future.future(promise -> vertx.runOnContext(turn -> {
            try {
                task.call().onComplete(promise);
            } catch (Exception failure) {
                promise.fail(failure);
            }
        }));
        return result.await(20, TimeUnit.SECONDS);
    }

    private int listen(String address) throws Exception {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, address)
                .await(20, TimeUnit.SECONDS)
                .actualPort();
    }

    private InetAddress[] lookup(String host) throws UnknownHostException {
        if (table.isEmpty()) {
            throw new UnknownHostException(host);
        }
        InetAddress[] found = new InetAddress[table.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = InetAddress.getByName(table.get(i));
        }
        return found;
    }
}
