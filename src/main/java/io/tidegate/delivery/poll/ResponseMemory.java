package io.tidegate.delivery.poll;

import io.tidegate.edge.message.ResponseBody;
import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/**
 * Accounts for the memory that large responses occupy until their clients have accepted them. Thread-safe.
 *
 * @param client returns the client that sent a request; called on the event loop of its connection
 */
public record ResponseMemory(OutgoingMemory outgoing, Function<RoutingContext, OutgoingMemory.Recipient> client) {

    private static final Problem OVERLOADED =
            new Problem(Code.OVERLOADED, "too much data waits for clients to accept it", 5);

    /**
     * Ends a response with this body.
     *
     * @throws ProblemException with the code {@code overloaded} if there is not enough memory
     */
    void end(RoutingContext ctx, Buffer body) {
        int bytes = body.length();
        if (bytes <= OutgoingMemory.SMALL) {
            ResponseBody.end(ctx.request(), body);
            return;
        }
        OutgoingMemory.Recipient reader = client.apply(ctx);
        if (!outgoing.reserve(reader, bytes)) {
            throw OVERLOADED.toException();
        }
        ResponseBody.end(ctx.request(), body).onComplete(sent -> outgoing.release(reader, bytes));
    }
}
