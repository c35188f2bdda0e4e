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
 * A reader that behaves like an EventSource: when its connection ends, except after a 204, it reconnects after the
 * {@code retry:} delay with its last id. Owned by the thread of {@link Readers}.
 */
final class FaultReader {

    private static final long FIRST_RETRY_MILLIS = 100;
    private static final int SMALLEST_BUFFER = 1;
    private static final int TRICKLE_BYTES = 400;
    private static final long TRICKLE_NANOS = 10_000_000;

    /**
     * The stream that a reader requests, and the way in which it reads.
     *
     * @param path the path of the stream
     * @param from the first {@code Last-Event-ID}; empty for none
     * @param source the source address of the connection
     * @param pace the speed at which it reads
     * @param latency receives the age of each event when it is seen, in nanoseconds
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

        Plan pace(Pace other) {
            return new Plan(path, from, source, other, latency);
        }

        Plan latency(LongConsumer consumer) {
            return new Plan(path, from, source, pace, consumer);
        }
    }

    /** The speed at which a reader reads. */
    enum Pace {
        /** Reads all bytes immediately. */
        KEEN,
        /** Reads about 40,000 bytes a second through the smallest receive buffer. */
        TRICKLE,
        /** Reads nothing after sending the request, with the smallest receive buffer. */
        STALLED
    }

    private final Plan plan;
    private final InetSocketAddress address;
    private final String token;
    private final ReaderLog log = new ReaderLog();
    private EventStreamParser parser = new EventStreamParser();
    private ChunkedBody body = new ChunkedBody();
    private String lastId;
    private String requestedFrom = "";
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
    private boolean gotGoodbye;
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

    /** Reconnects or reads more if it is due. Called every few milliseconds. */
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
            requestedFrom = lastId;
            boolean connected = opened.connect(address);
            key = opened.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
        } catch (IOException refused) {
            disconnect();
        }
    }

    /** Called when the channel is ready for the operation that it is registered for. */
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
                open.write(ByteBuffer.wrap(ChunkedBody.request(plan.path(), token, requestedFrom)));
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
            // Feeds single bytes up to the first id, because a reader without a cursor starts at exactly that position.
            int step = log.start().isEmpty() ? 1 : bytes.length - at;
            for (Message message : parser.feed(Arrays.copyOfRange(bytes, at, at + step))) {
                handle(message);
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

    private void handle(Message message) {
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
            default -> gotGoodbye |= message.type().equals("gateway.goodbye");
        }
    }

    /** Parses a cursor. Reuses the epoch string of the previous event, to save memory. */
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
            // The channel is unusable in any case.
        }
        channel = null;
        key = null;
    }

    /** Closes the connection with a RST. The reader then reconnects as after any other end of a connection. */
    void reset() {
        try {
            if (channel != null && channel.isConnected()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException broken) {
            // The connection has ended already.
        }
        disconnect();
    }

    /** Leaves permanently. The reader is checked for the events up to its current position. */
    void leave() {
        if (!gone && position != null) {
            log.left(position);
        }
        gone = true;
        close();
    }

    /** Disconnects permanently. The reader is still checked for all events up to the end of the run. */
    void stop() {
        gone = true;
        close();
    }

    /** Switches to reading all bytes immediately. */
    void hurry() {
        pace = Pace.KEEN;
        if (key != null && key.isValid() && key.interestOps() == 0) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    boolean gone() {
        return gone;
    }

    /** Returns whether the reader has read up to a cursor. */
    boolean reached(Cursor cursor) {
        return position != null && position.epoch().equals(cursor.epoch()) && position.compareTo(cursor) >= 0;
    }

    ReaderLog log() {
        return log;
    }

    /** Returns the number of events seen. */
    int events() {
        return events;
    }

    /** Returns the number of connections. */
    int connections() {
        return connections;
    }

    /** Returns the number of {@code gateway.resume} events received. */
    int resumed() {
        return resumed;
    }

    /** Returns the number of complete responses. */
    int ends() {
        return ends;
    }

    /** Returns the number of responses that were neither a stream nor a 204. */
    int refused() {
        return refused;
    }

    /** Returns whether {@code gateway.goodbye} was received. */
    boolean gotGoodbye() {
        return gotGoodbye;
    }

    /** Returns the current position. Can be called on any thread. */
    Optional<Cursor> position() {
        return Optional.ofNullable(position);
    }
}
