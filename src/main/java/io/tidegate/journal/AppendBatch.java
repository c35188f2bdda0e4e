package io.tidegate.journal;

import java.util.List;

/**
 * What comes to the journal at a time, on the event bus address {@link #ADDRESS}, and is committed at a time; each append
 * is all or nothing by itself. The answer is {@link ReceiptBatch}, or a failure that is that of all.
 *
 * @param appends at least one
 */
public record AppendBatch(List<Append> appends) {

    public static final String ADDRESS = "drafts";

    public AppendBatch {
        appends = List.copyOf(appends);
        if (appends.isEmpty()) {
            throw new IllegalArgumentException("there is something to append");
        }
    }

    /** See {@link Append#weight()}. */
    public long weight() {
        long weight = 0;
        for (Append append : appends) {
            weight += append.weight();
        }
        return weight;
    }
}
