package io.tidegate.journal;

import java.util.List;

/**
 * The answer to {@link Appends}.
 *
 * @param each in their order
 */
public record Receipts(List<Receipt> each) {

    public Receipts {
        each = List.copyOf(each);
    }
}
