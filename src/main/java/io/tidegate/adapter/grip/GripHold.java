package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.Admission;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.event.Cursor;
import io.tidegate.problem.Code;
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

/** Does what origins ask for in their answers. Owned by one event loop. */
final class GripHold implements ResponseInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(GripHold.class);
    private static final String SIGNATURE = "Grip-Sig";
    private static final String ASKED = GripHold.class.getName();

    private final Holds holds;
    private final Signature signature;

    GripHold(Holds holds, Signature signature) {
        this.holds = holds;
        this.signature = signature;
    }

    @Override
    public void prepareRequest(MultiMap toOrigin, RoutingContext ctx) {
        toOrigin.remove(SIGNATURE);
        if (signature.wanted()) {
            toOrigin.set(SIGNATURE, signature.text());
        }
        ctx.put(ASKED, holds.head());
    }

    @Override
    public Optional<Held> intercept(HttpClientResponse answer, RoutingContext ctx) {
        Instruction asked = understood(() -> Instruction.take(answer.headers()));
        if (HttpMethod.HEAD.equals(ctx.request().method()) || asked.equals(Instruction.NONE)) {
            return Optional.empty();
        }
        Cursor now = holds.head();
        if (asked.inBody()) {
            return Optional.of(new Taken(body -> {
                Instruction.InBody told = understood(() -> Instruction.parse(body));
                answer(told.terms(), told.reply(), now, ctx);
            }));
        }
        Instruction.Status status =
                asked.status().orElseGet(() -> new Instruction.Status(answer.statusCode(), answer.statusMessage()));
        HeldReply head =
                understood(() -> new HeldReply(status.code(), status.reason(), answer.headers(), Buffer.buffer()));
        if (asked.terms().filter(terms -> terms.mode() == Mode.STREAM).isEmpty()) {
            return Optional.of(new Taken(body -> answer(asked.terms(), head.with(body), now, ctx)));
        }
        return Optional.of(stream(asked.terms().orElseThrow(), head, now, ctx));
    }

    /** What a whole answer of an origin comes to: itself, or that its client is held with it. */
    private void answer(Optional<HoldSpec> terms, HeldReply reply, Cursor now, RoutingContext ctx) {
        if (terms.isEmpty()) {
            reply.send(ctx.response());
        } else if (terms.get().mode() == Mode.RESPONSE) {
            response(terms.get(), reply, now, ctx);
        } else {
            Held held = stream(terms.get(), reply, now, ctx);
            if (!held.consumesBody()) {
                reply.head(ctx.response());
                HopByHop.allowUnknownLength(ctx);
                ctx.response().write(reply.body());
            }
            held.begin(Buffer.buffer());
        }
    }

    private void response(HoldSpec terms, HeldReply reply, Cursor now, RoutingContext ctx) {
        Admission admission = holds.admit(ctx);
        if (admission instanceof Admission.Owner owner) {
            HandoffWindow seam = new HandoffWindow(now, terms.seen());
            HoldGroup group = holds.group(terms.audience());
            HeldResponse waiting = new HeldResponse(
                    ctx.response(), holds, group, owner, seam, begin(seam, ctx), terms.timeoutSeconds(), reply);
            holds.add(waiting, group, ctx).follow();
        } else if (admission instanceof Admission.Refused refused
                && refused.problem().code() == Code.DRAINING) {
            // As when its time had come: it asks again, elsewhere.
            reply.send(ctx.response());
        } else if (admission instanceof Admission.Refused refused) {
            holds.refuse(ctx, refused.problem());
        }
    }

    /** Holds the client on the head that it is to get, or refuses it when the origin's answer has been taken. */
    private Held stream(HoldSpec terms, HeldReply head, Cursor now, RoutingContext ctx) {
        if (!head.mayGoOn()) {
            throw misunderstood(new IllegalArgumentException("an answer without a body cannot go on"));
        }
        Admission admission = holds.admit(ctx);
        if (admission instanceof Admission.Refused refused) {
            return new Taken(body -> holds.refuse(ctx, refused.problem()));
        }
        // The body goes on where the origin's ends.
        head.headers().remove("Content-Length").set("X-Accel-Buffering", "no");
        HandoffWindow seam = new HandoffWindow(now, terms.seen());
        HoldGroup group = holds.group(terms.audience());
        HeldStream stream = new HeldStream(
                ctx.response().setStatusCode(head.status()),
                holds,
                group,
                (Admission.Owner) admission,
                seam,
                begin(seam, ctx),
                terms.keepAlive());
        return holds.add(stream, group, ctx);
    }

    private Cursor begin(HandoffWindow seam, RoutingContext ctx) {
        return seam.begin(ctx.<Cursor>get(ASKED, seam.held()));
    }

    private <T> T understood(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RuntimeException unfit) {
            // Whatever an origin writes, its client is not to wait until the time for an answer is over.
            throw misunderstood(unfit);
        }
    }

    private IllegalArgumentException misunderstood(RuntimeException unfit) {
        LOG.warn("event=grip-refused reason={}", unfit.getMessage());
        holds.metrics().misunderstood();
        return new IllegalArgumentException(unfit);
    }

    /** An answer that is taken in. */
    private record Taken(Consumer<Buffer> then) implements Held {

        @Override
        public boolean consumesBody() {
            return true;
        }

        @Override
        public void begin(Buffer body) {
            then.accept(body);
        }
    }
}
