package io.tidegate.journal;

import io.tidegate.event.Batch;
import io.tidegate.event.Event;
import io.tidegate.event.IdentityCodec;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer. Appends that arrive while a commit runs are committed together by the next one, so a batch is what
 * piled up and nobody waits for a batch to fill. After the commit, and only then, each publisher gets its receipt and
 * the events go out as one {@link Batch}. Runs on one event loop.
 */
public final class JournalVerticle extends AbstractVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(JournalVerticle.class);

    /** How often a journal that nobody writes to is asked to let go of what is too old. */
    private static final long RETAIN_MILLIS = 60_000;

    private final Journal journal;
    private final JournalListener listener;
    private final Promise<Void> idle = Promise.promise();
    private List<Message<Append>> queued = new ArrayList<>();
    private long queuedSince;
    private boolean committing;
    private boolean stopping;
    private @Nullable MessageConsumer<Append> consumer;

    public JournalVerticle(Journal journal) {
        this(journal, JournalListener.NONE);
    }

    public JournalVerticle(Journal journal, JournalListener listener) {
        this.journal = journal;
        this.listener = listener;
    }

    /** Lets the bus carry this room's messages; called once per bus, before any verticle is deployed. */
    public static void registerCodecs(EventBus bus) {
        IdentityCodec.register(bus, Batch.class);
        IdentityCodec.register(bus, Append.class);
        IdentityCodec.register(bus, Receipt.class);
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.setPeriodic(RETAIN_MILLIS, timer -> retain());
        MessageConsumer<Append> drafts = vertx.eventBus().consumer(Append.ADDRESS, this::enqueue);
        consumer = drafts;
        drafts.completion().onComplete(started);
    }

    /** Takes no more appends, and waits for the answers to those it has. */
    @Override
    public void stop(Promise<Void> stopped) {
        stopping = true;
        if (!committing) {
            idle.tryComplete();
        }
        Future<Void> unregistered = consumer == null ? Future.succeededFuture() : consumer.unregister();
        unregistered.compose(done -> idle.future()).onComplete(stopped);
    }

    private void retain() {
        Future.<Void>future(promise -> journal.retain().onComplete(promise))
                .onFailure(e -> LOG.warn("event=retention-failed reason={}", e.getMessage()));
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
        // The wrapping makes a failed future of an exception, which would end the commits for ever.
        Future.<List<Receipt>>future(promise -> journal.commit(
                                batch.stream().map(Message::body).toList())
                        .onComplete(promise))
                .onComplete(result -> context.runOnContext(ignored -> {
                    if (result.succeeded()) {
                        acknowledge(batch, result.result(), since);
                    } else {
                        refuse(batch, result.cause());
                    }
                    commitNext();
                }));
    }

    private void commitNext() {
        committing = !queued.isEmpty();
        if (committing) {
            commitQueued();
        } else if (stopping) {
            idle.tryComplete();
        }
    }

    private void acknowledge(List<Message<Append>> batch, List<Receipt> receipts, long since) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Receipt receipt = receipts.get(i);
            events.addAll(receipt.events());
            batch.get(i).reply(receipt);
        }
        if (!events.isEmpty()) {
            vertx.eventBus().publish(Batch.ADDRESS, new Batch(events, since));
        }
        listener.acknowledged(batch.size(), events.size(), System.nanoTime() - since);
    }

    private void refuse(List<Message<Append>> batch, Throwable failure) {
        LOG.error("event=commit-failed appends={}", batch.size(), failure);
        batch.forEach(request -> Appender.refuse(request, failure));
        listener.refused(batch.size());
    }
}
