package io.tidegate.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a client's request, which is not read before {@link #resume}. The head of an HTTP/1 request indicates
 * whether there is a body (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-6">RFC 9112 6</a>); an HTTP/2
 * request without {@code Content-Length} has one unless its HEADERS frame ends the stream
 * (<a href="https://www.rfc-editor.org/rfc/rfc9113#section-8.1">RFC 9113 8.1</a>), which Vert.x reports as an end
 * immediately after the head. Therefore, in that case, the first chunk or the end is read to find out, and the chunk is
 * kept. Owned by one event loop.
 */
final class RequestBody implements ReadStream<Buffer> {

    private final HttpServerRequest request;
    private @Nullable Handler<Buffer> chunks;
    private @Nullable Handler<Void> end;
    private @Nullable Buffer first;
    private boolean undecided;
    private boolean present;
    private boolean ended;
    private boolean paused;

    private RequestBody(HttpServerRequest request) {
        this.request = request;
    }

    /**
     * Returns the body of a request. Must be called in the first event loop iteration in which the request may be read.
     */
    static RequestBody of(HttpServerRequest request) {
        RequestBody body = new RequestBody(request);
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            body.present = !length.equals("0");
        } else if (request.version() == HttpVersion.HTTP_2) {
            body.undecided = !request.isEnded();
        } else {
            body.present = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        }
        if (body.present || body.undecided) {
            body.open();
        }
        return body;
    }

    private void open() {
        request.endHandler(this::ended);
        if (undecided) {
            request.handler(this::firstChunk);
            request.resume();
        } else {
            pause();
        }
    }

    private void firstChunk(Buffer chunk) {
        undecided = false;
        present = true;
        first = chunk;
        pause();
    }

    private void ended(Void nothing) {
        undecided = false;
        ended = true;
        if (end != null) {
            end.handle(null);
        }
    }

    /** Returns whether neither the first chunk nor the end has been received yet. */
    boolean isUndecided() {
        return undecided;
    }

    /**
     * Stops waiting for the first chunk and treats the body as present. The client may be waiting for a response, or may
     * send the body later.
     */
    void decide() {
        if (undecided) {
            undecided = false;
            present = true;
            pause();
        }
    }

    boolean isPresent() {
        return present;
    }

    /** Returns whether the whole body has been read, or the request has no body. */
    boolean isComplete() {
        return ended || !present && !undecided;
    }

    @Override
    public RequestBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        request.exceptionHandler(handler);
        return this;
    }

    /** Sets the handler for chunks. Must be called before {@link #resume}. */
    @Override
    public RequestBody handler(@Nullable Handler<Buffer> handler) {
        chunks = handler;
        request.handler(handler);
        return this;
    }

    @Override
    public RequestBody endHandler(@Nullable Handler<Void> handler) {
        end = handler;
        return this;
    }

    @Override
    public RequestBody pause() {
        paused = true;
        if (!ended) {
            request.pause();
        }
        return this;
    }

    @Override
    public RequestBody resume() {
        paused = false;
        Buffer kept = first;
        if (kept != null && chunks != null) {
            first = null;
            chunks.handle(kept);
        }
        if (!paused && !ended) {
            request.resume();
        }
        return this;
    }

    /** Not supported, because all readers of a request body use {@link #pause} and {@link #resume}. */
    @Override
    public RequestBody fetch(long amount) {
        throw new UnsupportedOperationException();
    }
}
