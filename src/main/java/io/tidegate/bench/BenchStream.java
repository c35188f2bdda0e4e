package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a run. If its connection is lost, the stream reconnects with the last event ID that an EventSource would
 * send. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // failures end the channel, so its handlers learn of them
final class BenchStream implements ResponseReader.Receiver {

    private static final int RECONNECT_MILLIS = 1000;
    private static final int MAX_REASON = 400;
    /** How long to wait for the beginning of the body after the head, in milliseconds. */
    private static final int BODY_MILLIS = 100;
    /**
     * The event with which a gateway refuses a stream. It is sent with status 200, because an EventSource would not
     * reconnect after any other status.
     */
    private static final String BUSY = "event: gateway.busy";

    private final StreamLoop loop;
    private final int number;
    private final int topic;
    private final DeliveryChecker checker;
    private final EventScanner scanner;

    private @Nullable Consumer<Optional<String>> opened;
    private @Nullable Channel channel;
    private @Nullable StringBuilder refusal;
    private boolean open;
    private long connectStarted;
    private long headReceived;

    BenchStream(StreamLoop loop, int number, Load load) {
        this.loop = loop;
        this.number = number;
        this.topic = number % load.topics();
        this.checker = new DeliveryChecker(topic, load);
        this.scanner = new EventScanner(loop.run(), this::event);
    }

    /**
     * Connects to the server. The callback is called once: with an empty value when the stream is open, or with the
     * reason if it could not be opened.
     */
    void open(Consumer<Optional<String>> callback) {
        opened = callback;
        connect();
    }

    long lost(List<Sequence> all) {
        return checker.lost(all);
    }

    private void connect() {
        connectStarted = System.nanoTime();
        refusal = null;
        ChannelFuture dialled = loop.dial(number, new ResponseReader(this));
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
        Target target = loop.target();
        URI address = target.stream(loop.load().topicOf(topic));
        String last = scanner.lastId();
        String more = "Accept: text/event-stream\r\nCache-Control: no-cache\r\n"
                + (last.isEmpty() ? "" : "Last-Event-ID: " + last + "\r\n");
        connection.writeAndFlush(
                Unpooled.copiedBuffer(target.head("GET", address, more), StandardCharsets.ISO_8859_1),
                connection.voidPromise());
    }

    @Override
    public void head(int status, String reason) {
        headReceived = System.nanoTime();
        Channel connection = channel;
        if (status == 200) {
            loop.later(() -> begin(connection), BODY_MILLIS);
        } else {
            refusal = new StringBuilder(reason);
            if (connection != null) {
                loop.later(connection::close, BODY_MILLIS);
            }
        }
    }

    /**
     * Marks the stream as open because the first bytes of its body were not a refusal or because no bytes arrived in
     * time.
     */
    private void begin(@Nullable Channel connection) {
        if (!open && refusal == null && connection == channel && connection != null && connection.isActive()) {
            open = true;
            if (opened != null) {
                Counts.record(loop.counts().opening, headReceived - connectStarted);
                notifyOpened(Optional.empty());
            }
        }
    }

    @Override
    public void body(ByteBuf part) {
        int from = part.readerIndex();
        String first =
                open ? "" : part.toString(from, Math.min(part.readableBytes(), MAX_REASON), StandardCharsets.UTF_8);
        if (!open && refusal == null) {
            int busy = first.indexOf(BUSY);
            if (busy >= 0) {
                refusal = new StringBuilder(first.substring(busy).replace("\n", " "));
                return;
            }
            begin(channel);
        }
        if (refusal == null) {
            scanner.scan(part, from, part.writerIndex());
        } else if (refusal.length() < MAX_REASON) {
            refusal.append(' ').append(first);
        }
    }

    @Override
    public void received(int bytes) {
        loop.counts().bytes += bytes;
    }

    @Override
    public void end(String reason) {
        scanner.cutOff();
        if (loop.closed()) {
            return;
        }
        loop.counts().reconnects += open ? 1 : 0;
        open = false;
        if (opened != null) {
            notifyOpened(
                    Optional.of(refusal == null ? reason : refusal.toString().strip()));
        } else {
            // Jitter is added so that many streams do not reconnect at the same time.
            int wait = RECONNECT_MILLIS / 2 + ThreadLocalRandom.current().nextInt(RECONNECT_MILLIS);
            loop.later(this::connect, wait);
        }
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    private void notifyOpened(Optional<String> failure) {
        Consumer<Optional<String>> callback = opened;
        opened = null;
        if (callback != null) {
            callback.accept(failure);
        }
    }

    private void event(int series, int sequence, long nanos) {
        Counts counts = loop.counts();
        switch (checker.record(series, sequence)) {
            case EXPECTED -> counts.deliver(System.nanoTime(), loop.epoch() + nanos);
            case LATE -> {
                counts.late++;
                counts.deliver(System.nanoTime(), loop.epoch() + nanos);
            }
            case DUPLICATE -> counts.duplicates++;
            case STRAY -> counts.strays++;
        }
    }
}
