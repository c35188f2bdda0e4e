package io.tidegate.journal;

import io.tidegate.event.Draft;
import io.tidegate.event.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * The name a publisher gives to what it publishes, so that publishing it again changes nothing and is answered as the
 * first time.
 *
 * @param publisher who gave the name; the same name of another publisher is another claim
 * @param name 1 to 255 visible ASCII characters
 * @param digest tells what was published under the name: the same name for something else is refused
 */
public record IdempotencyKey(Scope scope, String publisher, String name, String digest) {

    private static final int MAX_NAME = 255;

    /** What the name stands for. */
    public enum Scope {
        /** All drafts of one request. */
        REQUEST,
        /** One draft, whatever request it comes with. */
        DRAFT;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public IdempotencyKey {
        if (!isName(name)) {
            throw new IllegalArgumentException("a claim has a name of 1 to " + MAX_NAME + " visible characters");
        }
    }

    public static IdempotencyKey ofRequest(String publisher, String name, List<Draft> drafts) {
        return new IdempotencyKey(Scope.REQUEST, publisher, name, digest(drafts));
    }

    public static IdempotencyKey ofDraft(String publisher, String name, Draft draft) {
        return new IdempotencyKey(Scope.DRAFT, publisher, name, digest(List.of(draft)));
    }

    /** Whether a publisher may use this as a name. */
    public static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** Of what is published and not of the bytes that said it, so that a retry may order its members differently. */
    private static String digest(List<Draft> drafts) {
        MessageDigest sha = Sha256.create();
        for (Draft draft : drafts) {
            // No part can hold a line feed.
            String key = draft.key().map(k -> '=' + k).orElse("");
            String parts = draft.topic() + "\n" + draft.type() + "\n" + key + "\n" + draft.data() + "\n";
            sha.update(parts.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().withoutPadding().encodeToString(sha.digest());
    }
}
