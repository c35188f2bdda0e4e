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
 * into one buffer. Ids, names and JSON come from values that hold no line break, so a line cannot be broken here.
 */
final class FrameWriter {

    private final ByteBuf out;

    FrameWriter() {
        this(256);
    }

    /** @param capacity how many bytes are expected; more make the buffer grow */
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

    /** The first message of a kind's stream: the whole list. */
    FrameWriter snapshot(Kind kind, Cursor cursor, List<Event> list) {
        id(cursor).text("data: {\"type\":\"").text(kind.plural()).text("\",");
        return list(kind, list).text("}\n\n");
    }

    /**
     * What a stream begins with: how long to wait before a reconnect. The block has to go on with an id: one that ended
     * here would take from the reader the id with which it came.
     */
    FrameWriter opening(long retryMillis) {
        return text(": tidegate\nretry: ").text(Long.toString(retryMillis)).text("\n");
    }

    /** Moves the reader's cursor without firing an event. */
    FrameWriter position(Cursor cursor) {
        return id(cursor).text("\n");
    }

    FrameWriter control(String name, JsonObject data) {
        return text("event: ").text(name).text("\ndata: ").text(data.encode()).text("\n\n");
    }

    /** A control event that moves the reader's cursor, in one block: who has not read it all has not moved. */
    FrameWriter control(String name, Cursor cursor, JsonObject data) {
        return id(cursor).control(name, data);
    }

    FrameWriter retry(long millis) {
        return text("retry: ").text(Long.toString(millis)).text("\n\n");
    }

    /** The frames written so far; the writer is not used any more, and the frames are to be closed. */
    Frames frames() {
        return new Frames(out);
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
        ByteBufUtil.writeUtf8(out, text);
        return this;
    }
}
