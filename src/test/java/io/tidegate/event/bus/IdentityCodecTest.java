package io.tidegate.event.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class IdentityCodecTest {

    @Test
    void everyConsumerGetsTheSameObject(Vertx vertx) throws InterruptedException {
        IdentityCodec.register(vertx.eventBus(), Batch.class);
        BlockingQueue<Batch> received = new LinkedBlockingQueue<>();
        vertx.eventBus().<Batch>consumer(Batch.ADDRESS, message -> received.add(message.body()));
        vertx.eventBus().<Batch>consumer(Batch.ADDRESS, message -> received.add(message.body()));
        Draft draft = Draft.of("t", "x", JsonText.parse("1"));
        Batch batch = new Batch(List.of(Event.of(draft, new Cursor("e", 1), Instant.EPOCH)), 0);

        vertx.eventBus().publish(Batch.ADDRESS, batch);

        assertSame(batch, received.poll(10, TimeUnit.SECONDS));
        assertSame(batch, received.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void thereIsNoWireForm() {
        IdentityCodec<String> codec = new IdentityCodec<>(String.class);
        assertEquals(String.class.getName(), codec.name());
        assertEquals(-1, codec.systemCodecID());
        assertThrows(IllegalStateException.class, () -> codec.decodeFromWire(0, Buffer.buffer()));
        assertThrows(IllegalStateException.class, () -> codec.encodeToWire(Buffer.buffer(), "x"));
    }
}
