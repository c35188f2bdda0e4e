package io.tidegate.publish;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * The whole answer to a request, as a value: it may be known after the requests behind it were taken up.
 *
 * @param headers besides those that every answer has, without the length
 */
public record Reply(int status, Map<String, String> headers, Buffer body) {

    public Reply {
        headers = Map.copyOf(headers);
    }
}
