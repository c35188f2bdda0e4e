package io.tidegate.journal;

import java.util.List;

/**
 * The answer to {@link AppendBatch}.
 *
 * @param each in their order
 */
public record ReceiptBatch(List<Receipt> each) {

    public ReceiptBatch {
        each = List.copyOf(each);
    }
}
