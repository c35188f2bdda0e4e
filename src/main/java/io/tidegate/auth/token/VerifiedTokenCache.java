package io.tidegate.auth.token;

import io.tidegate.access.Caller;
import io.tidegate.auth.issuer.Issuer;
import io.tidegate.auth.jose.VerifyKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens whose signatures were checked, so that a thousand clients that return together cost a thousand hashes and not as
 * many signatures. Keeps no token, only its hash. Bounded, the one that was not used for longest goes first. Safe from
 * every thread: what is locked takes some microseconds.
 */
final class VerifiedTokenCache {

    /** What an entry takes beside its grants, which are no longer than the token. */
    private static final int OVERHEAD = 512;

    private final int capacity;
    private final Map<SecretHash, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /**
     * Makes an empty one.
     *
     * @param capacity bytes that its entries may have, about
     */
    VerifiedTokenCache(int capacity) {
        this.capacity = capacity;
    }

    /**
     * What is known of a token.
     *
     * @param key the key that it was signed with; when its issuer has it no more, nothing is known
     */
    record Entry(Caller caller, Issuer issuer, VerifyKey key, int weight) {
        Entry(Caller caller, Issuer issuer, VerifyKey key, String token) {
            this(caller, issuer, key, token.length() + OVERHEAD);
        }
    }

    Optional<Caller> find(SecretHash hash) {
        synchronized (this) {
            Entry entry = entries.get(hash);
            if (entry == null) {
                return Optional.empty();
            }
            if (entry.issuer().keys().now().contains(entry.key())) {
                return Optional.of(entry.caller());
            }
            entries.remove(hash);
            size -= entry.weight();
            return Optional.empty();
        }
    }

    synchronized void add(SecretHash hash, Entry entry) {
        Entry before = entries.put(hash, entry);
        size += entry.weight() - (before == null ? 0 : before.weight());
        Iterator<Entry> oldest = entries.values().iterator();
        while (size > capacity) {
            size -= oldest.next().weight();
            oldest.remove();
        }
    }

    synchronized void remove(SecretHash hash) {
        Entry entry = entries.remove(hash);
        size -= entry == null ? 0 : entry.weight();
    }

    synchronized int size() {
        return entries.size();
    }
}
