package io.tidegate.journal.history;

import io.tidegate.event.Cursor;
import io.tidegate.journal.Durability;
import io.tidegate.journal.IdempotencyKey;
import java.util.Optional;

/**
 * The claims that are remembered, and how each was answered. Belongs to one commit: what was remembered in a commit that
 * failed never was.
 */
public interface IdempotencyStore<X extends Exception> {

    /** How the claim of this name was answered, unless that is too long ago. */
    Optional<Answered> find(IdempotencyKey claim) throws X;

    void remember(IdempotencyKey claim, Answered answered) throws X;

    /**
     * The first answer to a claim.
     *
     * @param digest that of the claim it was given to
     */
    record Answered(String digest, Cursor cursor, int count, Durability durability) {

        boolean fits(IdempotencyKey claim) {
            return digest.equals(claim.digest());
        }
    }
}
