package io.tidegate.fault;

import io.tidegate.event.Cursor;
import io.tidegate.fixture.EventStreamParser;
import io.tidegate.fixture.EventStreamParser.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader that behaves as an EventSource does: it comes back after {@code retry:} with its last id whenever its
 * connection ends, except after a 204. Owned by the thread of {@link Readers}.
 */
final class FaultReader {

    private static final long FIRST_RETRY_MILLIS = 100;
    private static final int SMALLEST_BUFFER = 1;
    private static final int TRICKLE_BYTES = 400;
    private static final long TRICKLE_NANOS = 10_000_000;

    /**
     * What a reader asks for and how it reads.
     *
     * @param path of the stream
     * @param from its first {@code Last-Event-ID}, or nothing
     * @param source address it comes from
     * @param pace how it reads
     * @param latency hears how old, in nanoseconds, each event is when it is seen
     */
    record Plan(String path, String from, String source, Pace pace, LongConsumer latency) {

        static Plan of(String path) {
            return new Plan(path, "", "127.0.0.1", Pace.KEEN, nanos -> {});
        }

        Plan from(Cursor cursor) {
            return new Plan(path, cursor.toString(), source, pace, latency);
        }

        Plan source(String address) {
            return new Plan(path, from, address, pace, latency);
        }

        Plan pace(Pace how) {
            return new Plan(path, from, source, how, latency);
        }

        Plan latency(LongConsumer hears) {
            return new Plan(path, from, source, pace, hears);
        }
    }

    /** How a reader takes bytes. */
    enum Pace {
        /** All that there are, at once. */
        KEEN,
        /** Some tens of thousands a second, through the smallest buffer. */
        TRICKLE,
        /** None after the request, through the smallest buffer. */
        STALLED
    }

    private final Plan plan;
    private final InetSocketAddress address;
    private final String token;
    private final ReaderLog log = new ReaderLog();
    private EventStreamParser parser = new EventStreamParser();
    private ChunkedBody body = new ChunkedBody();
    private String lastId;
    private String asked = "";
    private Pace pace;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private long connectAt;
    private long readAt;
    private boolean gone;
    private int connections;
    private int resumed;
    private int events;
    private int ends;
    private int refused;
    private int status;
    private boolean toldGoodbye;
    private volatile @Nullable Cursor position;

    FaultReader(Plan plan, InetSocketAddress address, String token) {
        this.plan = plan;
        this.pace = plan.pace();
        this.address = address;
        this.token = token;
        this.lastId = plan.from();
        if (!lastId.isEmpty()) {
            position = Cursor.parse(lastId);
            log.began(position);
        }
    }

    /** Called every few milliseconds. */
    void tick(Selector selector, long now) {
        if (!gone && channel == null && now - connectAt >= 0) {
            connect(selector);
        } else if (key != null && key.isValid() && pace == Pace.TRICKLE && now - readAt >= 0) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void connect(Selector selector) {
        try {
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            if (pace != Pace.KEEN) {
                opened.setOption(StandardSocketOptions.SO_RCVBUF, SMALLEST_BUFFER);
            }
            opened.bind(new InetSocketAddress(plan.source(), 0));
            parser = new EventStreamParser();
            body = new ChunkedBody();
            asked = lastId;
            boolean connected = opened.connect(address);
            key = opened.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
        } catch (IOException refused) {
            disconnect();
        }
    }

    /** Called when its channel is ready for what it waits for. */
    void ready(ByteBuffer buffer) {
        SocketChannel open = channel;
        SelectionKey waiting = key;
        if (open == null || waiting == null) {
            return;
        }
        try {
            if (waiting.isReadable()) {
                read(open, waiting, buffer);
            } else if (!waiting.isConnectable() || open.finishConnect()) {
                open.write(ByteBuffer.wrap(ChunkedBody.request(plan.path(), token, asked)));
                connections++;
                waiting.interestOps(pace == Pace.STALLED ? 0 : SelectionKey.OP_READ);
            }
        } catch (IOException broken) {
            disconnect();
        }
    }

    private void read(SocketChannel open, SelectionKey waiting, ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (pace == Pace.TRICKLE) {
            buffer.limit(TRICKLE_BYTES);
            waiting.interestOps(0);
            readAt = System.nanoTime() + TRICKLE_NANOS;
        }
        int n = open.read(buffer);
        buffer.flip();
        byte[] bytes = body.feed(buffer);
        status = body.status();
        for (int at = 0; at < bytes.length; ) {
            // Byte by byte up to the first id, because that is where a reader without a cursor begins.
            int step = log.start().isEmpty() ? 1 : bytes.length - at;
            for (Message message : parser.feed(Arrays.copyOfRange(bytes, at, at + step))) {
                take(message);
            }
            at += step;
            begin();
        }
        if (body.status() == 200) {
            lastId = parser.lastEventId();
        }
        if (parser.retryMillis() >= 0) {
            retryMillis = parser.retryMillis();
        }
        if (body.ended()) {
            refused += status == 200 || status == 204 ? 0 : 1;
            ends++;
            gone |= status == 204;
        }
        if (n < 0 || body.ended()) {
            disconnect();
        }
    }

    private void begin() {
        if (log.start().isEmpty() && !parser.lastEventId().isEmpty()) {
            position = Cursor.parse(parser.lastEventId());
            log.began(position);
        }
    }

    private void take(Message message) {
        switch (message.type()) {
            case "gateway.resume" -> {
                resumed++;
                Cursor to = Cursor.parse(message.lastEventId());
                if (!new JsonObject(message.data()).getString("status").equals("continued")) {
                    log.announced(position == null ? to : position, to);
                }
                position = to;
            }
            case "fault" -> {
                JsonObject data = new JsonObject(message.data());
                position = cursor(message.lastEventId());
                events++;
                log.seen(position, Publication.value(data.getInteger("p"), data.getInteger("n")));
                plan.latency().accept(System.nanoTime() - data.getLong("t"));
            }
            default -> toldGoodbye |= message.type().equals("gateway.goodbye");
        }
    }

    /** Readers share the text of the epoch from event to event. */
    private Cursor cursor(String id) {
        Cursor cursor = Cursor.parse(id);
        return position != null && position.epoch().equals(cursor.epoch()) ? position.at(cursor.offset()) : cursor;
    }

    private void disconnect() {
        close();
        connectAt = System.nanoTime() + retryMillis * 1_000_000;
    }

    private void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException broken) {
            // It is gone either way.
        }
        channel = null;
        key = null;
    }

    /** Resets the connection: what the gateway still sends is answered with RST. It comes back like after any end. */
    void reset() {
        try {
            if (channel != null && channel.isConnected()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException broken) {
            // Then it has ended before.
        }
        disconnect();
    }

    /** Leaves for good, answerable for what it saw up to here. */
    void leave() {
        if (!gone && position != null) {
            log.left(position);
        }
        gone = true;
        close();
    }

    /** Ends its connection for good; still answerable for everything up to the end of the run. */
    void stop() {
        gone = true;
        close();
    }

    /** Reads all there is from now on. */
    void hurry() {
        pace = Pace.KEEN;
        if (key != null && key.isValid() && key.interestOps() == 0) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    boolean gone() {
        return gone;
    }

    /** Whether it has read up to a cursor. */
    boolean reached(Cursor cursor) {
        return position != null && position.epoch().equals(cursor.epoch()) && position.compareTo(cursor) >= 0;
    }

    ReaderLog log() {
        return log;
    }

    /** How many events it has seen. */
    int events() {
        return events;
    }

    /** How often it connected. */
    int connections() {
        return connections;
    }

    /** How often it was told where it goes on. */
    int resumed() {
        return resumed;
    }

    /** How many of its responses came to their proper end. */
    int ends() {
        return ends;
    }

    /** How many of its requests were answered with neither a stream nor a 204. */
    int refused() {
        return refused;
    }

    /** Whether a node said that it goes. */
    boolean toldGoodbye() {
        return toldGoodbye;
    }

    /** How far it has come; may be asked by any thread. */
    Optional<Cursor> position() {
        return Optional.ofNullable(position);
    }
}
