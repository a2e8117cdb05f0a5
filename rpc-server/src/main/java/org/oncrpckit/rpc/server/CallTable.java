package org.oncrpckit.rpc.server;

import org.jspecify.annotations.Nullable;

/**
 * The remembered calls that are in progress: a hash table whose links are the keys themselves, so
 * that a call that comes and goes leaves nothing behind. It grows and never shrinks: 4 bytes for
 * each call that was ever in progress at the same time. Not thread-safe: guarded by the lock of the
 * {@link ReplyCache}.
 */
final class CallTable {
    private static final int BUCKETS_MIN = 64;

    private @Nullable CallKey[] buckets = new CallKey[BUCKETS_MIN];
    private int size;

    int size() {
        return size;
    }

    /** The key of the same call that is there, or null. */
    @Nullable CallKey find(CallKey key) {
        CallKey each = buckets[bucket(key)];
        while (each != null && !each.equals(key)) {
            each = each.next;
        }
        return each;
    }

    /** Adds a call that is not there. */
    void add(CallKey key) {
        if (size == buckets.length) {
            grow();
        }
        link(key);
        size++;
    }

    /** Takes a call out, if it is there itself and not only one like it. */
    @SuppressWarnings("ReferenceEquality") // one like it is not it
    void remove(CallKey key) {
        int bucket = bucket(key);
        CallKey before = null;
        for (CallKey each = buckets[bucket]; each != null; before = each, each = each.next) {
            if (each == key) {
                if (before == null) {
                    buckets[bucket] = key.next;
                } else {
                    before.next = key.next;
                }
                key.next = null;
                size--;
                return;
            }
        }
    }

    private void grow() {
        @Nullable CallKey[] former = buckets;
        buckets = new CallKey[2 * former.length];
        for (CallKey first : former) {
            for (CallKey each = first; each != null; ) {
                CallKey next = each.next;
                link(each);
                each = next;
            }
        }
    }

    private void link(CallKey key) {
        int bucket = bucket(key);
        key.next = buckets[bucket];
        buckets[bucket] = key;
    }

    private int bucket(CallKey key) {
        return key.hashCode() & (buckets.length - 1);
    }
}
