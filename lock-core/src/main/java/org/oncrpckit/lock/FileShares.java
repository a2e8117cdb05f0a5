package org.oncrpckit.lock;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The share reservations of one file. Guarded by the file's shard. */
final class FileShares {
    /** By mode, then owner: at most sixteen modes decide whether anything conflicts. */
    private final TreeMap<ShareMode, TreeMap<LockOwner, Long>> byMode = new TreeMap<>();

    /** How many pairs of owner and mode there are. */
    private int size;

    /** The sum of all counts. */
    private long taken;

    boolean isEmpty() {
        return size == 0;
    }

    /** The bit of a mode in {@link Holding#shareModes}. */
    static int bit(ShareMode mode) {
        return 1 << (mode.access().bits() * 4 + mode.deny().bits());
    }

    long count(LockOwner owner, ShareMode mode) {
        TreeMap<LockOwner, Long> owners = byMode.get(mode);
        return owners == null ? 0 : owners.getOrDefault(owner, 0L);
    }

    /** Sets how often an owner has a mode; 0 takes it away. */
    void set(LockOwner owner, ShareMode mode, long count) {
        taken += count - count(owner, mode);
        if (count > 0) {
            if (byMode.computeIfAbsent(mode, m -> new TreeMap<>()).put(owner, count) == null) {
                size++;
            }
            return;
        }
        TreeMap<LockOwner, Long> owners = byMode.get(mode);
        if (owners != null && owners.remove(owner) != null) {
            size--;
            if (owners.isEmpty()) {
                byMode.remove(mode);
            }
        }
    }

    /** How often anything here was taken. */
    long taken() {
        return taken;
    }

    /** How often an owner has taken anything. */
    long taken(LockOwner owner) {
        long sum = 0;
        for (TreeMap<LockOwner, Long> owners : byMode.values()) {
            sum += owners.getOrDefault(owner, 0L);
        }
        return sum;
    }

    /** Takes away everything of an owner; returns how many modes that were. */
    int removeAll(LockOwner owner) {
        int before = size;
        for (ShareMode mode : byMode.keySet().toArray(ShareMode[]::new)) {
            set(owner, mode, 0);
        }
        return before - size;
    }

    /** The lowest reservation of another owner, by owner and mode, that excludes a mode. */
    Optional<HeldShare> conflict(FileId file, LockOwner self, ShareMode wanted) {
        HeldShare lowest = null;
        for (Map.Entry<ShareMode, TreeMap<LockOwner, Long>> e : byMode.entrySet()) {
            if (!e.getKey().conflictsWith(wanted)) {
                continue;
            }
            Map.Entry<LockOwner, Long> other = firstExcept(e.getValue(), self);
            if (other != null && (lowest == null || other.getKey().compareTo(lowest.owner()) < 0)) {
                lowest = new HeldShare(file, other.getKey(), e.getKey(), other.getValue());
            }
        }
        return Optional.ofNullable(lowest);
    }

    private static Map.@Nullable Entry<LockOwner, Long> firstExcept(
            NavigableMap<LockOwner, Long> owners, LockOwner self) {
        Map.Entry<LockOwner, Long> first = owners.firstEntry();
        return first.getKey().equals(self) ? owners.higherEntry(self) : first;
    }

    /** Visits every owner with a mode and its count, by mode and owner. */
    void forEach(ShareVisitor visitor) {
        byMode.forEach(
                (mode, owners) ->
                        owners.forEach((owner, count) -> visitor.visit(owner, mode, count)));
    }

    /** Sees one reservation. */
    interface ShareVisitor {
        void visit(LockOwner owner, ShareMode mode, long count);
    }
}
