package io.tidegate.ops.ui;

import io.tidegate.edge.message.EntityTag;
import io.tidegate.event.Sha256;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * A file of the embedded pages. Immutable.
 *
 * @param name the file name without a folder
 * @param mediaType the media type, including the charset
 * @param hash the hash of the body, in hexadecimal
 */
record Asset(String name, String mediaType, Buffer body, String hash) {

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    /**
     * Reads a file from the resources of this package.
     *
     * @throws IllegalStateException if the file is missing, which means that the jar is incomplete
     */
    static Asset read(String name) {
        try (InputStream file = Asset.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the page file " + name + " is missing");
            }
            return of(name, file.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Asset of(String name, byte[] body) {
        String mediaType = MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (mediaType == null) {
            throw new IllegalArgumentException("no media type is known for " + name);
        }
        return new Asset(name, mediaType, Buffer.buffer(body), hash(body));
    }

    /** Returns a copy of the file in which one text is replaced with another. */
    Asset replacing(String text, String with) {
        String changed = body.toString(StandardCharsets.UTF_8).replace(text, with);
        return of(name, changed.getBytes(StandardCharsets.UTF_8));
    }

    EntityTag tag() {
        return new EntityTag(hash);
    }

    static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.of(bytes), 0, 10);
    }
}
