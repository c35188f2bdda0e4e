package io.tidegate.journal;

import java.util.List;

/**
 * Appends that are sent to the journal in one message, on the event bus address {@link #ADDRESS}, and committed in one
 * transaction. Each append is committed as a whole or not at all. The reply is a {@link ReceiptBatch}, or a single
 * failure for the whole batch.
 *
 * @param appends the appends to commit, at least one
 */
public record AppendBatch(List<Append> appends) {

    public static final String ADDRESS = "drafts";

    public AppendBatch {
        appends = List.copyOf(appends);
        if (appends.isEmpty()) {
            throw new IllegalArgumentException("a batch must have at least one append");
        }
    }

    /** Returns the total {@link Append#weight()} of the appends. */
    public long weight() {
        long weight = 0;
        for (Append append : appends) {
            weight += append.weight();
        }
        return weight;
    }
}
