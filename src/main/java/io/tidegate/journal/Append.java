package io.tidegate.journal;

import io.tidegate.event.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One publisher's request to the journal: all of its drafts are committed, next to each other and in order, or none. The
 * answer is a {@link Receipt}.
 *
 * @param drafts at least one
 * @param claim what the publisher calls the whole; one that was answered before is answered again and not committed
 * @param each what it calls single drafts, by their index; those that were committed before are left out
 */
public record Append(List<Draft> drafts, Optional<IdempotencyKey> claim, Map<Integer, IdempotencyKey> each) {

    public Append {
        drafts = List.copyOf(drafts);
        each = Map.copyOf(each);
        if (drafts.isEmpty()) {
            throw new IllegalArgumentException("an append has drafts");
        }
    }

    /** What the append is counted with against the bound of what waits: its characters plus a fixed overhead. */
    public long weight() {
        long weight = 0;
        for (Draft draft : drafts) {
            weight += 128
                    + draft.topic().name().length()
                    + draft.type().name().length()
                    + draft.key().map(String::length).orElse(0)
                    + draft.data().toString().length();
        }
        return weight;
    }

    public Append(List<Draft> drafts) {
        this(drafts, Optional.empty(), Map.of());
    }
}
