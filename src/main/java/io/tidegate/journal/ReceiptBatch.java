package io.tidegate.journal;

import java.util.List;

/**
 * The reply to an {@link AppendBatch}.
 *
 * @param receipts one receipt for each append, in the same order
 */
public record ReceiptBatch(List<Receipt> receipts) {

    public ReceiptBatch {
        receipts = List.copyOf(receipts);
    }
}
