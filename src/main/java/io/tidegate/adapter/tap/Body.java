package io.tidegate.adapter.tap;

import io.tidegate.adapter.tap.TapMetrics.Outcome;
import io.tidegate.event.JsonText;
import io.tidegate.problem.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Copies a body while it is relayed, up to a limit. Owned by one event loop. */
final class Body {

    private final int limit;
    private final Budget budget;
    private Buffer bytes = Buffer.buffer();
    private @Nullable Outcome lost;

    Body(int limit, Budget budget) {
        this.limit = limit;
        this.budget = budget;
    }

    /** The maximum size in bytes of all copies on one event loop together. */
    static final class Budget {

        private int left;

        Budget(int bytes) {
            left = bytes;
        }

        boolean tryReserve(int bytes) {
            if (bytes > left) {
                return false;
            }
            left -= bytes;
            return true;
        }

        void release(int bytes) {
            left += bytes;
        }
    }

    void add(Buffer chunk) {
        if (lost != null) {
            return;
        }
        if (bytes.length() + chunk.length() > limit) {
            lose(Outcome.TOO_LARGE);
        } else if (!budget.tryReserve(chunk.length())) {
            lose(Outcome.BUSY);
        } else {
            bytes.appendBuffer(chunk);
        }
    }

    private void lose(Outcome why) {
        drop();
        lost = why;
    }

    /** Discards the copy and releases its bytes. */
    void drop() {
        budget.release(bytes.length());
        bytes = Buffer.buffer();
    }

    /**
     * Returns the body as JSON.
     *
     * @param headers the headers of the message
     * @throws Lost if the copy is not available or is not JSON
     */
    JsonText json(MultiMap headers) throws Lost {
        if (lost != null) {
            throw new Lost(lost);
        }
        try {
            return JsonText.parse(JsonText.decode(decoded(coding(headers))));
        } catch (ProblemException notJson) {
            throw new Lost(Outcome.NOT_JSON);
        }
    }

    private byte[] decoded(String coding) throws Lost {
        if (coding.isEmpty() || coding.equals("identity")) {
            return bytes.getBytes();
        }
        if (!coding.equals("gzip") && !coding.equals("x-gzip")) {
            throw new Lost(Outcome.ENCODED);
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes.getBytes()))) {
            byte[] plain = in.readNBytes(limit + 1);
            if (plain.length > limit) {
                throw new Lost(Outcome.TOO_LARGE);
            }
            return plain;
        } catch (IOException damaged) {
            throw new Lost(Outcome.NOT_JSON);
        }
    }

    private static String coding(MultiMap headers) {
        return String.join(",", headers.getAll(HttpHeaders.CONTENT_ENCODING))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** Thrown when no event can be created; contains the outcome that describes the reason. */
    static final class Lost extends Exception {

        private static final long serialVersionUID = 1L;

        private final Outcome outcome;

        Lost(Outcome outcome) {
            super(outcome.name(), null, false, false);
            this.outcome = outcome;
        }

        Outcome outcome() {
            return outcome;
        }
    }
}
