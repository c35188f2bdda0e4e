package io.tidegate.event.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands an immutable value over the event bus as it is: every consumer gets the same object, and nothing is copied. The
 * bus stays inside the process, so there is no wire form.
 */
public final class IdentityCodec<T> implements MessageCodec<T, T> {

    private final String name;

    IdentityCodec(Class<T> type) {
        this.name = type.getName();
    }

    /** Lets the bus carry values of exactly this class; called once per bus and class. */
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
