package io.tidegate.journal;

import io.tidegate.event.Batch;
import io.tidegate.event.Event;
import io.tidegate.event.IdentityCodec;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer. Appends that arrive while a commit runs are committed together by the next one, so a batch is what
 * piled up and nobody waits for a batch to fill. After the commit, and only then, each publisher gets its receipt and
 * the events go out as one {@link Batch}. Runs on one event loop.
 */
public final class JournalVerticle extends AbstractVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(JournalVerticle.class);

    private final Journal journal;
    private List<Message<Append>> queued = new ArrayList<>();
    private long queuedSince;
    private boolean committing;

    public JournalVerticle(Journal journal) {
        this.journal = journal;
    }

    /** Lets the bus carry this room's messages; called once per bus, before any verticle is deployed. */
    public static void registerCodecs(EventBus bus) {
        IdentityCodec.register(bus, Batch.class);
        IdentityCodec.register(bus, Append.class);
        IdentityCodec.register(bus, Receipt.class);
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.eventBus()
                .<Append>consumer(Append.ADDRESS, this::enqueue)
                .completion()
                .onComplete(started);
    }

    private void enqueue(Message<Append> request) {
        if (queued.isEmpty()) {
            queuedSince = System.nanoTime();
        }
        queued.add(request);
        if (!committing) {
            // After the other messages of this turn of the loop, which then share the commit.
            committing = true;
            context.runOnContext(ignored -> commitQueued());
        }
    }

    private void commitQueued() {
        List<Message<Append>> batch = queued;
        long since = queuedSince;
        queued = new ArrayList<>();
        journal.commit(batch.stream().map(Message::body).toList())
                .onComplete(result -> context.runOnContext(ignored -> {
                    if (result.succeeded()) {
                        acknowledge(batch, result.result(), since);
                    } else {
                        refuse(batch, result.cause());
                    }
                    committing = !queued.isEmpty();
                    if (committing) {
                        commitQueued();
                    }
                }));
    }

    private void acknowledge(List<Message<Append>> batch, List<Receipt> receipts, long since) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Receipt receipt = receipts.get(i);
            events.addAll(receipt.events());
            batch.get(i).reply(receipt);
        }
        vertx.eventBus().publish(Batch.ADDRESS, new Batch(events, since));
    }

    private void refuse(List<Message<Append>> batch, Throwable failure) {
        LOG.error("event=commit-failed appends={}", batch.size(), failure);
        batch.forEach(request -> Appender.refuse(request, failure));
    }
}
