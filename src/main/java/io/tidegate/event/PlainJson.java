package io.tidegate.event;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * Makes Vert.x read and write JSON token by token. Vert.x loads this class as a service. Without it, Vert.x would use
 * Jackson's data binding whenever that is on the class path and load about five hundred classes that are not needed
 * here.
 */
public final class PlainJson implements JsonFactory {

    @Override
    public JsonCodec codec() {
        return new JacksonCodec();
    }
}
