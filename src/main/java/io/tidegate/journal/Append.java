package io.tidegate.journal;

import io.tidegate.event.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A publisher's request to append to the journal. Either all of its drafts are committed, consecutively and in order,
 * or none are. The journal replies with a {@link Receipt}.
 *
 * @param drafts the drafts to commit, at least one
 * @param requestKey the idempotency key of the whole request; if a request with this key has already been acknowledged,
 *     nothing is committed and the earlier receipt is returned again
 * @param draftKeys the idempotency keys of individual drafts, by draft index; drafts that have already been committed
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
     * Returns the weight that counts towards the queue limit: the number of characters plus a fixed overhead per draft.
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
