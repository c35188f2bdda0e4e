package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.tidegate.bench.wire.EventScanner;
import io.tidegate.bench.wire.ResponseReader;
import io.tidegate.bench.workload.Load;
import io.tidegate.bench.workload.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a run, over all its connections: one that is lost is followed by another, with the id that an EventSource
 * would send. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
final class BenchStream implements ResponseReader.Receiver {

    private static final int RECONNECT_MILLIS = 1000;
    private static final int MAX_REASON = 400;
    /** For how long the beginning of a body is waited for. */
    private static final int BODY_MILLIS = 100;
    /** How a gateway refuses a client that would not come back after any status but 200. */
    private static final String BUSY = "event: gateway.busy";

    private final StreamLoop home;
    private final int number;
    private final int topic;
    private final DeliveryChecker tally;
    private final EventScanner scanner;

    private @Nullable Consumer<Optional<String>> opened;
    private @Nullable Channel channel;
    private @Nullable StringBuilder refusal;
    private boolean open;
    private long begun;
    private long headed;

    BenchStream(StreamLoop home, int number, Load load) {
        this.home = home;
        this.number = number;
        this.topic = number % load.topics();
        this.tally = new DeliveryChecker(topic, load);
        this.scanner = new EventScanner(home.run(), this::event);
    }

    /** Connects; the consumer is told once, with nothing when the stream is open, or why it is not. */
    void open(Consumer<Optional<String>> told) {
        opened = told;
        connect();
    }

    long lost(List<Sequence> all) {
        return tally.lost(all);
    }

    private void connect() {
        begun = System.nanoTime();
        refusal = null;
        ChannelFuture dialled = home.dial(number, new ResponseReader(this));
        channel = dialled.channel();
        dialled.addListener(connected -> {
            if (connected.isSuccess()) {
                request(dialled.channel());
            } else {
                end(String.valueOf(connected.cause().getMessage()));
            }
        });
    }

    private void request(Channel connection) {
        Target target = home.target();
        URI address = target.stream(home.load().topicOf(topic));
        String last = scanner.lastId();
        String more = "Accept: text/event-stream\r\nCache-Control: no-cache\r\n"
                + (last.isEmpty() ? "" : "Last-Event-ID: " + last + "\r\n");
        connection.writeAndFlush(
                Unpooled.copiedBuffer(target.head("GET", address, more), StandardCharsets.ISO_8859_1),
                connection.voidPromise());
    }

    @Override
    public void head(int status, String head) {
        headed = System.nanoTime();
        Channel connection = channel;
        if (status == 200) {
            home.later(() -> begin(connection), BODY_MILLIS);
        } else {
            refusal = new StringBuilder(head.lines().findFirst().orElse(""));
            if (connection != null) {
                home.later(connection::close, BODY_MILLIS);
            }
        }
    }

    /** The stream is open: something of it has come, or nothing that would say otherwise. */
    private void begin(@Nullable Channel connection) {
        if (!open && refusal == null && connection == channel && connection != null && connection.isActive()) {
            open = true;
            if (opened != null) {
                Counts.record(home.counts().opening, headed - begun);
                tell(Optional.empty());
            }
        }
    }

    @Override
    public void body(ByteBuf in, int from, int to) {
        if (!open && refusal == null) {
            String first = in.toString(from, Math.min(to - from, MAX_REASON), StandardCharsets.UTF_8);
            int busy = first.indexOf(BUSY);
            if (busy >= 0) {
                refusal = new StringBuilder(first.substring(busy).replace("\n", " "));
                return;
            }
            begin(channel);
        }
        if (refusal == null) {
            scanner.scan(in, from, to);
        } else if (refusal.length() < MAX_REASON) {
            refusal.append(' ').append(in.toString(from, Math.min(to - from, MAX_REASON), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void received(int bytes) {
        home.counts().bytes += bytes;
    }

    @Override
    public void end(String reason) {
        scanner.cutOff();
        if (home.over()) {
            return;
        }
        home.counts().reconnects += open ? 1 : 0;
        open = false;
        if (opened != null) {
            tell(Optional.of(refusal == null ? reason : refusal.toString().strip()));
        } else {
            // A little apart, so that a thousand do not return at once.
            int wait = RECONNECT_MILLIS / 2 + ThreadLocalRandom.current().nextInt(RECONNECT_MILLIS);
            home.later(this::connect, wait);
        }
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    private void tell(Optional<String> failure) {
        Consumer<Optional<String>> told = opened;
        opened = null;
        if (told != null) {
            told.accept(failure);
        }
    }

    private void event(int series, int sequence, long nanos) {
        Counts counts = home.counts();
        switch (tally.take(series, sequence)) {
            case EXPECTED -> counts.deliver(System.nanoTime(), home.epoch() + nanos);
            case LATE -> {
                counts.late++;
                counts.deliver(System.nanoTime(), home.epoch() + nanos);
            }
            case AGAIN -> counts.duplicates++;
            case STRAY -> counts.strays++;
        }
    }
}
