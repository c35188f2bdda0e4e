package io.tidegate.journal.writer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.bus.Batch;
import io.tidegate.event.bus.IdentityCodec;
import io.tidegate.event.bus.NewEpoch;
import io.tidegate.event.loop.LoopVerticle;
import io.tidegate.journal.Append;
import io.tidegate.journal.AppendBatch;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.ReceiptBatch;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.problem.Code;
import io.vertx.core.AsyncResult;
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
 * The journal's single writer. Appends that arrive while a commit is in progress are committed together by the next
 * one, so a batch consists of whatever appends have queued up, and no append waits for a batch to fill. Only after a
 * commit are the receipts sent to the publishers, and then the events are published as one {@link Batch}. Runs on one
 * event loop.
 */
public final class JournalVerticle extends LoopVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(JournalVerticle.class);

    /** The interval in milliseconds between checks for events that were committed but not published. */
    private static final long MISSED_MILLIS = 1_000;

    private static final Selection ALL = Selection.ofTopics(TopicPattern.ALL);
    private static final int MISSED_PAGE = 1_000;

    /** The interval in milliseconds at which retention is applied even if there are no commits. */
    private static final long RETAIN_MILLIS = 60_000;

    private final Journal journal;
    private final long maxQueued;
    private final JournalMetrics metrics;
    private final Promise<Void> idle = Promise.promise();
    private List<Message<AppendBatch>> queued = new ArrayList<>();
    private long queuedSince;
    private long queuedWeight;
    private boolean committing;
    private boolean stopping;
    /** The offset of the last event that was published. */
    private long published;
    /** The epoch of the events that were published. */
    private String epoch = "";
    /** The number of appends that have been refused since the last successful commit. */
    private long refused;

    private @Nullable MessageConsumer<AppendBatch> consumer;

    /** Creates a writer with the default limit and without metrics. */
    public JournalVerticle(Journal journal) {
        this(journal, JournalOptions.DEFAULTS.queuedBytes(), new CompositeMeterRegistry());
    }

    /**
     * Creates a writer.
     *
     * @param maxQueued the maximum total weight of appends that wait for a commit; further appends are refused
     *     immediately, so that a hung disk cannot exhaust memory
     */
    public JournalVerticle(Journal journal, long maxQueued, MeterRegistry registry) {
        this.journal = journal;
        this.maxQueued = maxQueued;
        this.metrics = new JournalMetrics(registry);
    }

    /**
     * Registers the codecs for the journal's messages. Must be called once per bus, before any verticle is deployed.
     */
    public static void registerCodecs(EventBus bus) {
        IdentityCodec.register(bus, Batch.class);
        IdentityCodec.register(bus, NewEpoch.class);
        IdentityCodec.register(bus, AppendBatch.class);
        IdentityCodec.register(bus, ReceiptBatch.class);
    }

    @Override
    public Future<?> start() {
        published = journal.head().offset();
        epoch = journal.head().epoch();
        vertx.setPeriodic(RETAIN_MILLIS, timer -> retain());
        vertx.setPeriodic(MISSED_MILLIS, timer -> publishMissedWhileIdle());
        MessageConsumer<AppendBatch> drafts = vertx.eventBus().consumer(AppendBatch.ADDRESS, this::enqueue);
        consumer = drafts;
        return drafts.completion();
    }

    /** Stops accepting appends. The future completes when all accepted appends have been committed or refused. */
    @Override
    public Future<?> stop() {
        stopping = true;
        if (!committing) {
            idle.tryComplete();
        }
        Future<Void> unregistered = consumer == null ? Future.succeededFuture() : consumer.unregister();
        return unregistered.compose(done -> idle.future());
    }

    private void retain() {
        Future.<Void>future(promise -> journal.retain().onComplete(promise))
                .onFailure(e -> LOG.warn("event=retention-failed reason={}", e.getMessage()));
    }

    private void enqueue(Message<AppendBatch> request) {
        if (queued.isEmpty()) {
            queuedSince = System.nanoTime();
        }
        long weight = request.body().weight();
        if (!queued.isEmpty() && queuedWeight + weight > maxQueued) {
            Appender.refuse(
                    request, new JournalException(Code.STORAGE_UNAVAILABLE, "the queue for the next commit is full"));
            return;
        }
        queuedWeight += weight;
        queued.add(request);
        if (!committing) {
            // The commit is deferred until the messages of this event loop iteration have been handled, so that they
            // share it.
            committing = true;
            loop().run(this::commitQueued);
        }
    }

    private void commitQueued() {
        List<Message<AppendBatch>> batch = queued;
        long since = queuedSince;
        queued = new ArrayList<>();
        queuedWeight = 0;
        List<Append> appends = new ArrayList<>();
        batch.forEach(request -> appends.addAll(request.body().appends()));
        // The wrapping future turns an exception into a failure; otherwise an exception would stop all further commits.
        loop().bring(Future.<List<Receipt>>future(
                        promise -> journal.commit(appends).onComplete(promise)))
                .onComplete(result -> complete(batch, result, since));
    }

    private void complete(List<Message<AppendBatch>> batch, AsyncResult<List<Receipt>> result, long since) {
        List<Event> events = new ArrayList<>();
        if (result.succeeded()) {
            result.result().forEach(receipt -> events.addAll(receipt.events()));
        }
        long before = events.isEmpty() ? journal.head().offset() : events.get(0).offset() - 1;
        announceNewEpoch(before);
        publishMissed(before, since).onComplete(ignored -> {
            if (result.succeeded()) {
                logRecovery();
                acknowledge(batch, result.result());
                // If these events do not directly follow the last published one, they stay unpublished until the events
                // in between can be read.
                if (published == before) {
                    publish(events, since);
                }
                metrics.acknowledged(System.nanoTime() - since);
            } else {
                refuse(batch, result.cause());
            }
            commitNext();
        });
    }

    /** Announces a new epoch to the hubs before its first events. Events up to its beginning are not published. */
    private void announceNewEpoch(long begin) {
        Cursor head = journal.head();
        if (!head.epoch().equals(epoch)) {
            epoch = head.epoch();
            published = begin;
            vertx.eventBus().publish(NewEpoch.ADDRESS, new NewEpoch(head.at(begin)));
        }
    }

    /**
     * Publishes events that were committed although their commit was reported as failed, so that no reader misses them.
     * If these events cannot be read now, they and all later events remain unpublished until a later attempt.
     */
    private Future<Void> publishMissed(long through, long since) {
        if (published >= through) {
            return Future.succeededFuture();
        }
        return journal.read(journal.head().at(published), through, ALL, MISSED_PAGE)
                .compose(page -> {
                    LOG.warn(
                            "event=missed-events-published count={}",
                            page.events().size());
                    publish(page.events(), since);
                    // If retention has evicted some of the events in the meantime, readers see a gap.
                    published = Math.max(published, page.next().offset());
                    return page.more() ? publishMissed(through, since) : Future.succeededFuture();
                })
                .onFailure(e -> LOG.error("event=missed-events-not-read reason={}", e.getMessage()));
    }

    private void publishMissedWhileIdle() {
        if (!committing) {
            announceNewEpoch(journal.head().offset());
        }
        if (!committing && journal.head().offset() > published) {
            committing = true;
            publishMissed(journal.head().offset(), System.nanoTime()).onComplete(ignored -> commitNext());
        }
    }

    private void publish(List<Event> events, long since) {
        if (!events.isEmpty()) {
            vertx.eventBus().publish(Batch.ADDRESS, new Batch(events, since));
            published = events.get(events.size() - 1).offset();
        }
    }

    private void commitNext() {
        committing = !queued.isEmpty();
        if (committing) {
            commitQueued();
        } else if (stopping) {
            idle.tryComplete();
        }
    }

    private static void acknowledge(List<Message<AppendBatch>> batch, List<Receipt> receipts) {
        int from = 0;
        for (Message<AppendBatch> request : batch) {
            int to = from + request.body().appends().size();
            request.reply(new ReceiptBatch(receipts.subList(from, to)));
            from = to;
        }
    }

    private static int count(List<Message<AppendBatch>> batch) {
        int count = 0;
        for (Message<AppendBatch> request : batch) {
            count += request.body().appends().size();
        }
        return count;
    }

    private void logRecovery() {
        if (refused > 0) {
            LOG.info("event=commits-again refused={}", refused);
            refused = 0;
        }
    }

    private void refuse(List<Message<AppendBatch>> batch, Throwable failure) {
        // The failure is logged only once, not for each append, because the log may be on the same full disk.
        if (refused == 0) {
            LOG.error("event=commit-failed appends={}", count(batch), failure);
        }
        refused += count(batch);
        batch.forEach(request -> Appender.refuse(request, failure));
    }
}
