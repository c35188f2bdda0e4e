package io.tidegate.journal;

import io.tidegate.event.Draft;
import io.tidegate.event.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Identifies content that a publisher may send more than once. Only the first request with the content has an effect;
 * later ones return the receipt of the first.
 *
 * @param publisher the subject that chose the name; if another publisher uses the same name, that is a different key
 * @param name the name, which consists of 1 to 255 visible ASCII characters
 * @param digest the digest of the published content; a request with the same name but different content is refused
 */
public record IdempotencyKey(Scope scope, String publisher, String name, String digest) {

    private static final int MAX_NAME = 255;

    /** The scope in which the name identifies content. */
    public enum Scope {
        /** The key identifies all drafts of one request. */
        REQUEST,
        /** The key identifies one draft, regardless of the request that contains it. */
        DRAFT;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public IdempotencyKey {
        if (!isName(name)) {
            throw new IllegalArgumentException("the name must have 1 to " + MAX_NAME + " visible ASCII characters");
        }
    }

    public static IdempotencyKey ofRequest(String publisher, String name, List<Draft> drafts) {
        return new IdempotencyKey(Scope.REQUEST, publisher, name, digest(drafts));
    }

    public static IdempotencyKey ofDraft(String publisher, String name, Draft draft) {
        return new IdempotencyKey(Scope.DRAFT, publisher, name, digest(List.of(draft)));
    }

    /** Returns whether the text is a valid name for an idempotency key. */
    public static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /**
     * Returns a digest of the drafts rather than of the request body, so that the JSON members may be in a different
     * order in a retry.
     */
    private static String digest(List<Draft> drafts) {
        MessageDigest sha = Sha256.create();
        for (Draft draft : drafts) {
            // None of these parts can contain a line feed.
            String key = draft.key().map(k -> '=' + k).orElse("");
            String parts = draft.topic() + "\n" + draft.type() + "\n" + key + "\n" + draft.data() + "\n";
            sha.update(parts.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().withoutPadding().encodeToString(sha.digest());
    }
}
