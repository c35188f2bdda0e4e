package io.tidegate.proxy;

import io.tidegate.proxy.origin.OriginOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The state of an exchange with an origin: the state of the request, the state of the response, and the outcome.
 * Determines whether the connection may carry another request. Both messages move forwards through the same states, and
 * may skip some:
 *
 * <pre>
 *   NOT_BEGUN ──▶ HEAD ──▶ BODY ──▶ COMPLETE
 *       │           │        │
 *       └───────────┴────────┴────▶ BROKEN    when the exchange ends before the message is complete
 * </pre>
 *
 * <p>The two messages are independent: an origin may respond before the request is complete, or even before it has
 * begun to read the request. The exchange ends once, with the {@link OriginOutcome} that identifies what ended it: the
 * origin ({@code ANSWERED}, {@code BROKEN}, {@code UNREACHABLE}), the client ({@code ABANDONED}), a deadline
 * ({@code TIMEOUT}), or the gateway ({@code BUSY}). An upgraded connection leaves the exchange with {@link #handOver}.
 * Transitions after that, or after the end, have no effect, because a closed connection may still deliver data that it
 * had received. Owned by one event loop.
 */
final class ExchangeState {

    /** The states of a message. */
    enum Message {
        NOT_BEGUN,
        /** The message head has been sent or received. */
        HEAD,
        /** Part of the body has been sent or received. */
        BODY,
        /** The whole message has been sent (that is, written to the socket) or received. */
        COMPLETE,
        BROKEN;

        boolean isFinal() {
            return this == COMPLETE || this == BROKEN;
        }
    }

    private Message request = Message.NOT_BEGUN;
    private Message response = Message.NOT_BEGUN;
    private @Nullable OriginOutcome outcome;
    private boolean handedOver;

    Message request() {
        return request;
    }

    Message response() {
        return response;
    }

    /**
     * Advances the request. Has no effect if the request is already in this or a later state, or if the exchange is
     * over.
     */
    void request(Message next) {
        request = later(request, next);
    }

    /**
     * Advances the response. Has no effect if the response is already in this or a later state, or if the exchange is
     * over.
     */
    void response(Message next) {
        response = later(response, next);
    }

    private Message later(Message state, Message next) {
        return isOver() || state.isFinal() || next.compareTo(state) < 0 ? state : next;
    }

    /**
     * Ends the exchange. Messages that are not complete become broken.
     *
     * @return whether this call ended the exchange
     */
    boolean end(OriginOutcome how) {
        if (isOver()) {
            return false;
        }
        request = ended(request);
        response = ended(response);
        outcome = how;
        return true;
    }

    private static Message ended(Message state) {
        return state == Message.COMPLETE ? state : Message.BROKEN;
    }

    /** Records that the connection was handed over to another owner because it no longer carries HTTP messages. */
    void handOver() {
        handedOver = true;
    }

    /** Returns whether the exchange has ended or its connection was handed over. */
    boolean isOver() {
        return outcome != null || handedOver;
    }

    /** Returns whether the head of the final response has been received. */
    boolean isResponding() {
        return response != Message.NOT_BEGUN;
    }

    /**
     * Returns whether the connection must be closed after the exchange. Unless both messages are complete, the origin
     * would take the next request for the rest of this one, or the gateway would take the rest of this response for the
     * next one (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.3">RFC 9112 9.3</a>). The HTTP client also
     * closes the connection if either message contains {@code Connection: close}.
     */
    boolean mustCloseConnection() {
        return !handedOver && (request != Message.COMPLETE || response != Message.COMPLETE);
    }
}
