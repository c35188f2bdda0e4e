package io.tidegate.auth.token;

import io.tidegate.access.Caller;
import io.tidegate.auth.jose.VerifyKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Caches the callers of tokens whose signatures were verified, so that when many clients reconnect together, each costs
 * only a hash instead of a signature verification. Stores only the hashes of tokens. If the cache is full, the least
 * recently used entry is evicted. Thread-safe; locks are held for a few microseconds.
 */
final class VerifiedTokenCache {

    /** The approximate size in bytes of an entry without its grants, which are never longer than the token. */
    private static final int OVERHEAD = 512;

    private final int capacity;
    private final Map<SecretHash, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /**
     * Creates an empty cache.
     *
     * @param capacity the approximate number of bytes that the entries may use
     */
    VerifiedTokenCache(int capacity) {
        this.capacity = capacity;
    }

    /**
     * A verified token.
     *
     * @param key the key that signed the token; the entry is invalid once the issuer no longer has this key
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
            if (entry.issuer().keys().current().contains(entry.key())) {
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
