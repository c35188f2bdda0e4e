package io.tidegate.journal;

import io.tidegate.event.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of one publisher to the journal. Either all of its drafts are committed, consecutively and in order, or
 * none. The journal replies with a {@link Receipt}.
 *
 * @param drafts the drafts, at least one
 * @param requestKey the idempotency key of the whole request; if a request with this key was acknowledged before,
 *     nothing is committed and its receipt is returned again
 * @param draftKeys the idempotency keys of single drafts, by the index of the draft; drafts that were committed before
 *     are not committed again
 */
public record Append(List<Draft> drafts, Optional<IdempotencyKey> requestKey, Map<Integer, IdempotencyKey> draftKeys) {

    public Append {
        drafts = List.copyOf(drafts);
        draftKeys = Map.copyOf(draftKeys);
        if (drafts.isEmpty()) {
            throw new IllegalArgumentException("an append must have at least one draft");
        }
    }

    /**
     * Returns the weight that counts towards the limit of the queue: the number of characters plus a fixed overhead.
     */
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
