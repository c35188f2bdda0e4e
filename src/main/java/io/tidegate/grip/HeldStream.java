package io.tidegate.grip;

import io.tidegate.proxy.Hold.Held;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/** One client that is held. Owned by one event loop. */
final class HeldStream implements Held {

    /** What may wait for a client to read; who has more to read is cut off, since it has lost its place. */
    private static final int MOST_WAITING = 1 << 20;

    private final HttpServerResponse response;
    private final Optional<KeepAlive> keepAlive;
    private final HoldGroup group;
    /** What came while the origin's own answer was still on its way. */
    private Buffer before = Buffer.buffer();

    private boolean begun;
    private boolean ending;
    private boolean over;
    private long waiting;
    private int quietSeconds;

    HeldStream(HttpServerResponse response, Optional<KeepAlive> keepAlive, HoldGroup group) {
        this.response = response;
        this.keepAlive = keepAlive;
        this.group = group;
    }

    @Override
    public void begin() {
        begun = true;
        if (before.length() > 0 && !response.closed()) {
            response.write(before);
            before = Buffer.buffer();
        }
        if (ending) {
            end();
        }
    }

    void write(Buffer content) {
        if (keepAlive.filter(KeepAlive::interval).isEmpty()) {
            quietSeconds = 0;
        }
        if (begun) {
            send(content);
        } else if (before.length() + content.length() > MOST_WAITING) {
            cut();
        } else {
            before.appendBuffer(content);
        }
    }

    /** A second has passed. */
    void tick() {
        keepAlive.ifPresent(alive -> {
            if (++quietSeconds >= alive.seconds() && begun) {
                quietSeconds = 0;
                send(alive.content());
            }
        });
    }

    private void send(Buffer content) {
        if (over || response.closed() || response.ended()) {
            return;
        }
        if (waiting > MOST_WAITING) {
            cut();
            return;
        }
        waiting += content.length();
        response.write(content).onComplete(written -> waiting -= content.length());
    }

    /** Ends it as a whole answer, behind what was written. */
    void end() {
        ending = true;
        leave();
        if (begun && !response.ended() && !response.closed()) {
            response.end();
        }
    }

    private void cut() {
        leave();
        response.reset();
    }

    void leave() {
        if (!over) {
            over = true;
            group.leave(this);
        }
    }
}
