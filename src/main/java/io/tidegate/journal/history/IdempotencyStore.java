package io.tidegate.journal.history;

import io.tidegate.event.Cursor;
import io.tidegate.journal.Durability;
import io.tidegate.journal.IdempotencyKey;
import java.util.Optional;

/**
 * Stores the remembered idempotency keys, each with the outcome of its first use. Used within a commit; if the commit
 * fails, the keys that it added are discarded.
 */
public interface IdempotencyStore<X extends Exception> {

    /** Returns the outcome of a key's first use; empty if the key is unknown or has been forgotten. */
    Optional<Answered> find(IdempotencyKey key) throws X;

    void remember(IdempotencyKey key, Answered answered) throws X;

    /**
     * The outcome of a key's first use.
     *
     * @param digest the digest of the content that was published under the key
     */
    record Answered(String digest, Cursor cursor, int count, Durability durability) {

        boolean fits(IdempotencyKey key) {
            return digest.equals(key.digest());
        }
    }
}
