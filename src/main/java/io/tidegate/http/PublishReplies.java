package io.tidegate.http;

import io.tidegate.connection.Pipelining;
import io.tidegate.overload.Headroom;
import io.tidegate.publish.Replies;
import io.tidegate.publish.Reply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Answers publishes, and has those that come one behind the other on a connection taken up together. Whoever waits for an
 * answer gets it behind the frames of the event, and cannot outrun the streams. Whoever does not wait gets the answers
 * before them: what is then published next piles up while the frames go out, and is one batch. Belongs to one event loop.
 */
final class PublishReplies implements Replies {

    private final Context loop;
    private final Failures failures;
    private final Headroom headroom;

    PublishReplies(Context loop, Failures failures, Headroom headroom) {
        this.loop = loop;
        this.failures = failures;
        this.headroom = headroom;
    }

    @Override
    public void send(RoutingContext ctx, Future<Reply> reply) {
        Optional<Pipelining> connection = Pipelining.of(ctx.request());
        Buffer body = ctx.body().buffer();
        long bytes = body == null ? 0 : body.length();
        if (reply.isComplete()) {
            BY_RESPONSE.send(ctx, reply);
        } else if (connection.filter(Pipelining::mayWait).isEmpty() || !headroom.take(bytes)) {
            boolean alone = connection.filter(Pipelining::hasWaiting).isEmpty();
            BY_RESPONSE.send(ctx, alone ? behindFrames(reply) : reply);
        } else {
            Future<Reply> told = reply.otherwise(failure -> failures.reply(ctx, failure));
            // What was taken for the body before is given back when its response ends for Vert.x, long before the
            // commit.
            told.onComplete(known -> headroom.release(bytes));
            connection.get().answerLater(ctx.response(), told);
        }
    }

    /** The batch of a commit comes to this loop right behind the replies, and goes to the streams in the turn after that. */
    private Future<Reply> behindFrames(Future<Reply> reply) {
        Promise<Reply> behind = Promise.promise();
        reply.onComplete(known -> loop.runOnContext(batch -> loop.runOnContext(frames -> behind.handle(known))));
        return behind.future();
    }
}
