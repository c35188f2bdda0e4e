package io.tidegate.event;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * Lets Vert.x read and write JSON token by token; it finds this as a service. Else it would take Jackson's data binding
 * wherever that is on the class path, whose five hundred classes no value here needs.
 */
public final class PlainJson implements JsonFactory {

    @Override
    public JsonCodec codec() {
        return new JacksonCodec();
    }
}
