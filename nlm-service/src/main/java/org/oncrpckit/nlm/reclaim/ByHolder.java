package org.oncrpckit.nlm.reclaim;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.xdr.Opaque;

/**
 * Something for each holder, found by the holder, its owner or its host. Not thread-safe.
 *
 * @param <V> what there is for each
 */
final class ByHolder<V> {
    private final Map<Opaque, Map<Opaque, V>> hosts = new HashMap<>();

    @Nullable V find(HolderKey holder) {
        Map<Opaque, V> holders = hosts.get(holder.host());
        return holders == null ? null : holders.get(holder.ownerAndFile());
    }

    V findOrAdd(HolderKey holder, Supplier<V> added) {
        return hosts.computeIfAbsent(holder.host(), host -> new HashMap<>())
                .computeIfAbsent(holder.ownerAndFile(), key -> added.get());
    }

    void remove(HolderKey holder) {
        Map<Opaque, V> holders = hosts.get(holder.host());
        if (holders != null) {
            holders.remove(holder.ownerAndFile());
            removeIfEmpty(holder.host(), holders);
        }
    }

    /**
     * Removes all that an owner has.
     *
     * @param owner as {@link HolderKey#owner} says it
     */
    void removeOwner(Opaque host, Opaque owner) {
        Map<Opaque, V> holders = hosts.get(host);
        if (holders != null) {
            holders.keySet().removeIf(key -> startsWith(key, owner));
            removeIfEmpty(host, holders);
        }
    }

    void removeHost(Opaque host) {
        hosts.remove(host);
    }

    boolean isEmpty() {
        return hosts.isEmpty();
    }

    void clear() {
        hosts.clear();
    }

    void forEach(BiConsumer<HolderKey, V> action) {
        hosts.forEach(
                (host, holders) ->
                        holders.forEach(
                                (key, value) -> action.accept(new HolderKey(host, key), value)));
    }

    private void removeIfEmpty(Opaque host, Map<Opaque, V> holders) {
        if (holders.isEmpty()) {
            hosts.remove(host);
        }
    }

    private static boolean startsWith(Opaque bytes, Opaque beginning) {
        return bytes.length() >= beginning.length()
                && bytes.asByteBuffer().limit(beginning.length()).equals(beginning.asByteBuffer());
    }
}
