package io.tidegate.event.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Passes immutable values over the event bus by reference, so that all consumers receive the same object and nothing is
 * copied. There is no wire format, because the event bus is local to the process.
 */
public final class IdentityCodec<T> implements MessageCodec<T, T> {

    private final String name;

    IdentityCodec(Class<T> type) {
        this.name = type.getName();
    }

    /** Registers a codec for values of exactly this class. Must be called once per bus and class. */
    public static <T> void register(EventBus bus, Class<T> type) {
        bus.registerDefaultCodec(type, new IdentityCodec<>(type));
    }

    @Override
    public T transform(T value) {
        return value;
    }

    @Override
    public void encodeToWire(Buffer buffer, T value) {
        throw new IllegalStateException("the event bus does not leave the process");
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        throw new IllegalStateException("the event bus does not leave the process");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
