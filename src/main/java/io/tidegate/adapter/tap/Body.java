package io.tidegate.adapter.tap;

import io.tidegate.adapter.tap.TapMetrics.Outcome;
import io.tidegate.edge.message.ContentCoding;
import io.tidegate.edge.message.ContentCoding.TooLargeException;
import io.tidegate.edge.message.ContentCoding.UnknownCodingException;
import io.tidegate.event.JsonText;
import io.tidegate.problem.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
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

    /** The number of bytes that may still be copied on one event loop, across all bodies. */
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

    /** Discards the copy and returns its bytes to the budget. */
    void drop() {
        budget.release(bytes.length());
        bytes = Buffer.buffer();
    }

    /**
     * Returns the body as JSON.
     *
     * @param headers the headers of the message that contains the body
     * @throws Lost if the copy is incomplete or the body is not JSON
     */
    JsonText json(MultiMap headers) throws Lost {
        if (lost != null) {
            throw new Lost(lost);
        }
        try {
            return JsonText.parseIgnoringMark(ContentCoding.decode(bytes.getBytes(), headers, limit));
        } catch (UnknownCodingException unknown) {
            throw new Lost(Outcome.ENCODED);
        } catch (TooLargeException large) {
            throw new Lost(Outcome.TOO_LARGE);
        } catch (IOException | ProblemException notJson) {
            throw new Lost(Outcome.NOT_JSON);
        }
    }

    /** Thrown if no event can be created; contains the outcome that gives the reason. */
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
