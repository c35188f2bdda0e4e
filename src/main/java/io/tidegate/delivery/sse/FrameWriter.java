package io.tidegate.delivery.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Writes frames of the <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">event stream format</a>
 * into a buffer. IDs, names and JSON come from values that cannot contain a line break, so they cannot end a line
 * prematurely.
 */
final class FrameWriter implements AutoCloseable {

    private static final int LONG_TEXT = 4096;

    private final ByteBuf out;
    private boolean taken;

    FrameWriter() {
        this(256);
    }

    /**
     * Creates a writer with an empty buffer.
     *
     * @param capacity the expected number of bytes; the buffer grows if there are more
     */
    FrameWriter(int capacity) {
        this.out = PooledByteBufAllocator.DEFAULT
                .directBuffer(Frames.CHUNK_HEAD + capacity)
                .writeZero(Frames.CHUNK_HEAD);
    }

    FrameWriter event(Framing framing, Event event, List<Event> list) {
        id(event.cursor());
        if (framing instanceof Framing.OfKind ofKind) {
            text("data: {\"type\":\"").text(event.type().name()).text("\",");
            member(ofKind.kind().singular(), event.data().toString());
            if (ofKind.list()) {
                text(",");
                list(ofKind.kind(), list);
            }
            return text("}\n\n");
        }
        if (framing instanceof Framing.Envelope) {
            text("data: {\"type\":\"").text(event.type().name()).text("\",");
            return member("payload", event.data().toString()).text("}\n\n");
        }
        return text("event: ")
                .text(event.type().name())
                .text("\ndata: ")
                .text(event.data().toString())
                .text("\n\n");
    }

    /** Writes the first message on a stream of a kind, which contains the whole list. */
    FrameWriter snapshot(Kind kind, Cursor cursor, List<Event> list) {
        id(cursor).text("data: {\"type\":\"").text(kind.plural()).text("\",");
        return list(kind, list).text("}\n\n");
    }

    /**
     * Writes the beginning of a stream, which sets the {@code retry:} time. An ID must follow in the same block,
     * because a block without one would erase the last event ID with which the reader connected.
     */
    FrameWriter opening(long retryMillis) {
        return text(": tidegate\nretry: ").text(Long.toString(retryMillis)).text("\n");
    }

    /** Writes a block that updates the reader's last event ID without firing an event. */
    FrameWriter position(Cursor cursor) {
        return id(cursor).text("\n");
    }

    FrameWriter control(String name, JsonObject data) {
        return text("event: ").text(name).text("\ndata: ").text(data.encode()).text("\n\n");
    }

    /**
     * Writes a control event that also updates the last event ID. Both are in the same block, so a reader that has not
     * received the whole block keeps its old position.
     */
    FrameWriter control(String name, Cursor cursor, JsonObject data) {
        return id(cursor).control(name, data);
    }

    FrameWriter retry(long millis) {
        return text("retry: ").text(Long.toString(millis)).text("\n\n");
    }

    /** Returns the frames written so far. This writer must not be used afterwards, and the frames must be closed. */
    Frames frames() {
        taken = true;
        return new Frames(out);
    }

    /** Releases the buffer if {@link #frames} has not been called. */
    @Override
    public void close() {
        if (!taken) {
            out.release();
        }
    }

    private FrameWriter id(Cursor cursor) {
        return text("id: ").text(cursor.toString()).text("\n");
    }

    private FrameWriter list(Kind kind, List<Event> list) {
        text("\"").text(kind.plural()).text("\":[");
        for (int i = 0; i < list.size(); i++) {
            text(i == 0 ? "" : ",").text(list.get(i).data().toString());
        }
        return text("]");
    }

    private FrameWriter member(String name, String json) {
        return text("\"").text(name).text("\":").text(json);
    }

    private FrameWriter text(String text) {
        if (text.length() < LONG_TEXT) {
            ByteBufUtil.writeUtf8(out, text);
        } else {
            // The exact length is passed because the buffer would otherwise grow by three bytes per character before
            // writing.
            ByteBufUtil.reserveAndWriteUtf8(out, text, ByteBufUtil.utf8Bytes(text));
        }
        return this;
    }
}
