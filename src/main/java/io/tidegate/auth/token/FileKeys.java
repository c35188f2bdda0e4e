package io.tidegate.auth.token;

import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.Jwks;
import io.tidegate.auth.jose.KeyException;
import io.tidegate.auth.jose.ParsedKeys;
import io.tidegate.auth.jose.Pem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * Reads keys from a file, which contains a JWKS, PEM or, if it is neither of these, a raw secret. A file that contains
 * a secret must be accessible only to its owner.
 */
record FileKeys(Vertx vertx, Path file, Set<Algorithm> allowed) implements KeySource {

    private static final int MAX_BYTES = 1 << 20;

    @Override
    public Future<ParsedKeys> read() {
        return vertx.executeBlocking(this::parse, false);
    }

    @Override
    public String location() {
        return file.toString();
    }

    private ParsedKeys parse() {
        try {
            ParsedKeys keys = parse(content());
            if (keys.usable().stream().anyMatch(key -> key.key() instanceof SecretKey)) {
                KeyFile.refuseOpen(file);
            }
            return keys;
        } catch (KeyException wrong) {
            throw new KeyException(file + " " + wrong.getMessage(), null);
        } catch (IOException unreadable) {
            throw new KeyException(
                    file + " cannot be read: " + unreadable.getClass().getSimpleName(), null);
        }
    }

    private ParsedKeys parse(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        if (text.startsWith("{")) {
            return Jwks.parse(content, allowed);
        } else if (text.startsWith(Pem.BEGIN)) {
            return Pem.parse(text, allowed);
        }
        return ParsedKeys.ofSecret(content, allowed);
    }

    private byte[] content() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new KeyException("must have at most " + MAX_BYTES + " bytes", null);
            }
            return content;
        }
    }
}
