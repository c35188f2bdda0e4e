package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.Admission;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.event.Cursor;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.proxy.ResponseInterceptor;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the GRIP instructions in origins' responses: holds the client, or sends a changed response. Called by the
 * proxy. Owned by one event loop.
 */
final class GripHold implements ResponseInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(GripHold.class);
    private static final String SIGNATURE = "Grip-Sig";

    /** The context key for the journal's head at the time of the request. */
    private static final String HEAD_AT_REQUEST = GripHold.class.getName();

    private final Holds holds;
    private final Signature signature;

    GripHold(Holds holds, Signature signature) {
        this.holds = holds;
        this.signature = signature;
    }

    @Override
    public void prepareRequest(MultiMap originHeaders, RoutingContext ctx) {
        originHeaders.remove(SIGNATURE);
        if (signature.enabled()) {
            originHeaders.set(SIGNATURE, signature.token());
        }
        ctx.put(HEAD_AT_REQUEST, holds.head());
    }

    @Override
    public Optional<Held> intercept(HttpClientResponse originResponse, RoutingContext ctx) {
        Instruction instruction = parse(ctx, () -> Instruction.extract(originResponse.headers()));
        if (HttpMethod.HEAD.equals(ctx.request().method()) || instruction.equals(Instruction.NONE)) {
            return Optional.empty();
        }
        Cursor heldAt = holds.head();
        if (instruction.inBody()) {
            return Optional.of(new Taken(body -> {
                Instruction.InBody bodyInstruction = parse(ctx, () -> Instruction.parse(body));
                respond(bodyInstruction.spec(), bodyInstruction.reply(), heldAt, ctx);
            }));
        }
        Instruction.Status status = instruction
                .status()
                .orElseGet(() -> new Instruction.Status(originResponse.statusCode(), originResponse.statusMessage()));
        HeldReply head = parse(
                ctx, () -> new HeldReply(status.code(), status.reason(), originResponse.headers(), Buffer.buffer()));
        Optional<HoldSpec> streamed = instruction.spec().filter(spec -> spec.mode() == Mode.STREAM);
        if (streamed.isEmpty() || streamed.get().key().buildsIds()) {
            return Optional.of(new Taken(body -> respond(instruction.spec(), head.with(body), heldAt, ctx)));
        }
        return Optional.of(stream(streamed.get(), head, heldAt, ctx));
    }

    /** Sends the origin's complete response to the client, or uses it to hold the client. */
    private void respond(Optional<HoldSpec> spec, HeldReply reply, Cursor heldAt, RoutingContext ctx) {
        if (spec.isEmpty()) {
            reply.send(ctx.response());
        } else if (spec.get().mode() == Mode.RESPONSE) {
            holdForResponse(spec.get(), reply, heldAt, ctx);
        } else {
            Buffer body = parse(ctx, () -> spec.get().key().responseBody(reply.body()));
            Held held = stream(spec.get(), reply, heldAt, ctx);
            if (!held.consumesBody()) {
                reply.head(ctx.response());
                HopByHop.allowUnknownLength(ctx);
                ctx.response().write(body);
            }
            held.begin(Buffer.buffer());
        }
    }

    private void holdForResponse(HoldSpec spec, HeldReply reply, Cursor heldAt, RoutingContext ctx) {
        Admission admission = holds.admit(ctx);
        if (admission instanceof Admission.Owner owner) {
            HandoffWindow window = new HandoffWindow(heldAt, spec.previousIds());
            HoldGroup group = holds.group(spec.key());
            HeldResponse waiting = new HeldResponse(
                    ctx.response(), holds, group, owner, window, readFrom(window, ctx), spec.timeoutSeconds(), reply);
            holds.add(waiting, group, ctx).follow();
        } else if (admission instanceof Admission.Refused refused
                && refused.problem().code() == Code.DRAINING) {
            // As at a timeout, the wait ends, and the client sends its request again, which another node then serves.
            reply.send(ctx.response());
        } else if (admission instanceof Admission.Refused refused) {
            holds.refuse(ctx, refused.problem());
        }
    }

    /**
     * Holds the client on a stream that begins with this head. A client that is not admitted is refused once the
     * origin's response has been read.
     */
    private Held stream(HoldSpec spec, HeldReply head, Cursor heldAt, RoutingContext ctx) {
        if (!head.mayHaveBody()) {
            throw refusal(ctx, new IllegalArgumentException("a held stream must have a status that allows a body"));
        }
        Admission admission = holds.admit(ctx);
        if (admission instanceof Admission.Refused refused) {
            return new Taken(body -> holds.refuse(ctx, refused.problem()));
        }
        // The stream continues after the origin's body, so its length is unknown.
        head.headers().remove("Content-Length").set("X-Accel-Buffering", "no");
        HandoffWindow window = new HandoffWindow(heldAt, spec.previousIds());
        HoldGroup group = holds.group(spec.key());
        HeldStream stream = new HeldStream(
                ctx.response().setStatusCode(head.status()),
                holds,
                group,
                (Admission.Owner) admission,
                window,
                readFrom(window, ctx),
                spec.keepAlive());
        return holds.add(stream, group, ctx);
    }

    private Cursor readFrom(HandoffWindow window, RoutingContext ctx) {
        return window.readFrom(ctx.<Cursor>get(HEAD_AT_REQUEST, window.held()));
    }

    private <T> T parse(RoutingContext ctx, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (RuntimeException invalid) {
            // Any failure to process the body is reported immediately; otherwise the client would wait for the timeout.
            throw refusal(ctx, invalid);
        }
    }

    private ProblemException refusal(RoutingContext ctx, RuntimeException invalid) {
        LOG.warn("event=grip-refused path={} reason={}", ctx.request().path(), invalid.getMessage());
        holds.metrics().misunderstood();
        // The messages of other exceptions might contain parts of the response.
        String reason = invalid.getClass() == IllegalArgumentException.class
                ? String.valueOf(invalid.getMessage())
                : "they are malformed";
        return Problem.of(
                        Code.ORIGIN_UNREACHABLE,
                        "the service behind this path sent GRIP instructions that cannot be followed: " + reason)
                .toException();
    }

    /** A response that the proxy reads completely before its body is processed. */
    private record Taken(Consumer<Buffer> complete) implements Held {

        @Override
        public boolean consumesBody() {
            return true;
        }

        @Override
        public void begin(Buffer body) {
            complete.accept(body);
        }
    }
}
