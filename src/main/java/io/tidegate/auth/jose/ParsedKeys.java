package io.tidegate.auth.jose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/**
 * The result of reading a key source.
 *
 * @param usable the keys that verify tokens
 * @param skipped the keys that cannot be used, with the reason for each
 */
public record ParsedKeys(List<VerifyKey> usable, List<SkippedKey> skipped) {

    public ParsedKeys {
        usable = List.copyOf(usable);
        skipped = List.copyOf(skipped);
    }

    /** Returns the single key of a source whose content is a raw secret. */
    public static ParsedKeys ofSecret(byte[] secret, Set<Algorithm> allowed) {
        Builder parsed = new Builder();
        try {
            if (secret.length == 0) {
                throw new UnusableKeyException("it is empty");
            }
            parsed.use(VerifyKey.of(Optional.empty(), new SecretKeySpec(secret, "HMAC"), allowed));
        } catch (UnusableKeyException unusable) {
            parsed.skip(new SkippedKey(
                    SkippedKey.NONE, "oct", SkippedKey.NONE, unusable.reason(), Arrays.hashCode(secret)));
        }
        return parsed.build();
    }

    /** Collects keys one by one. */
    static final class Builder {
        private final List<VerifyKey> usable = new ArrayList<>();
        private final List<SkippedKey> skipped = new ArrayList<>();

        void use(VerifyKey key) {
            usable.add(key);
        }

        void skip(SkippedKey key) {
            skipped.add(key);
        }

        ParsedKeys build() {
            return new ParsedKeys(usable, skipped);
        }
    }
}
