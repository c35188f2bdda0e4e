package io.tidegate.journal;

import io.tidegate.event.Draft;
import java.util.List;

/**
 * One publisher's request to the journal, on the event bus address {@link #ADDRESS}: all of its drafts are committed,
 * next to each other and in order, or none. The answer is a {@link Receipt}.
 *
 * @param drafts at least one
 */
public record Append(List<Draft> drafts) {

    public static final String ADDRESS = "drafts";

    public Append {
        drafts = List.copyOf(drafts);
        if (drafts.isEmpty()) {
            throw new IllegalArgumentException("an append has drafts");
        }
    }
}
