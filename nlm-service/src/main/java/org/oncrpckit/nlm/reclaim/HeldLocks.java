package org.oncrpckit.nlm.reclaim;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.reclaim.JournalRecord.Freed;
import org.oncrpckit.nlm.reclaim.JournalRecord.GraceOver;
import org.oncrpckit.nlm.reclaim.JournalRecord.Held;
import org.oncrpckit.nlm.reclaim.JournalRecord.HostReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.OwnerReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.Started;
import org.oncrpckit.nlm.reclaim.JournalRecord.Stopped;
import org.oncrpckit.xdr.Opaque;

/**
 * What is held after the records that were applied: what the last run has given out, and what the
 * runs before had and nobody has reclaimed yet. Not thread-safe.
 */
final class HeldLocks {
    private final Predicate<HolderKey> wanted;
    private final Map<Opaque, Map<Opaque, HeldBytes>> former = new HashMap<>();
    private final Map<Opaque, Map<Opaque, HeldBytes>> current = new HashMap<>();
    private @Nullable Started started;
    private boolean graceOver;
    private boolean stopped;

    /**
     * Begins with nothing.
     *
     * @param wanted whose locks are to be looked at, so that there is less in memory at once
     */
    HeldLocks(Predicate<HolderKey> wanted) {
        this.wanted = wanted;
    }

    void apply(JournalRecord entry) {
        stopped = entry instanceof Stopped;
        if (entry instanceof Held held) {
            if (wanted.test(held.holder())) {
                hold(current, held.holder(), held.range(), held.mode());
            }
        } else if (entry instanceof Freed freed) {
            free(current, freed.holder(), freed.range());
            free(former, freed.holder(), freed.range());
        } else if (entry instanceof OwnerReleased released) {
            release(current, released);
            release(former, released);
        } else if (entry instanceof HostReleased released) {
            current.remove(released.host());
            former.remove(released.host());
        } else if (entry instanceof Started next) {
            started = next;
            graceOver = false;
            becomeFormer();
        } else if (entry instanceof GraceOver) {
            graceOver = true;
            former.clear();
        }
    }

    /** All that is held can be reclaimed from now on. */
    void becomeFormer() {
        if (former.isEmpty()) {
            former.putAll(current);
        } else {
            each(current, held -> hold(former, held.holder(), held.range(), held.mode()));
        }
        current.clear();
    }

    /** Whether the runs before the last one left this to be reclaimed. */
    boolean covers(HolderKey holder, LockRange range, LockMode mode) {
        HeldBytes bytes = former.getOrDefault(holder.host(), Map.of()).get(holder.ownerAndFile());
        return bytes != null && bytes.covers(range, mode);
    }

    /** What is left of the runs before the last one. */
    void eachFormer(Consumer<Held> action) {
        each(former, action);
    }

    /** What the last run gave out. */
    void eachCurrent(Consumer<Held> action) {
        each(current, action);
    }

    /** How the last run began; null when no run did. */
    @Nullable Started started() {
        return started;
    }

    /** Whether the last run's grace period ended. */
    boolean isGraceOver() {
        return graceOver;
    }

    /** Whether the last run ended in order. */
    boolean isStopped() {
        return stopped;
    }

    private static void hold(
            Map<Opaque, Map<Opaque, HeldBytes>> hosts,
            HolderKey holder,
            LockRange range,
            LockMode mode) {
        hosts.computeIfAbsent(holder.host(), host -> new HashMap<>())
                .computeIfAbsent(holder.ownerAndFile(), key -> new HeldBytes())
                .hold(range, mode);
    }

    private static void free(
            Map<Opaque, Map<Opaque, HeldBytes>> hosts, HolderKey holder, LockRange range) {
        Map<Opaque, HeldBytes> holders = hosts.get(holder.host());
        HeldBytes bytes = holders == null ? null : holders.get(holder.ownerAndFile());
        if (holders == null || bytes == null) {
            return;
        }
        bytes.free(range);
        if (bytes.isEmpty()) {
            holders.remove(holder.ownerAndFile());
            if (holders.isEmpty()) {
                hosts.remove(holder.host());
            }
        }
    }

    private static void release(Map<Opaque, Map<Opaque, HeldBytes>> hosts, OwnerReleased released) {
        Map<Opaque, HeldBytes> holders = hosts.get(released.host());
        if (holders != null) {
            holders.keySet().removeIf(key -> startsWith(key, released.owner()));
        }
    }

    private static boolean startsWith(Opaque bytes, Opaque beginning) {
        return bytes.length() >= beginning.length()
                && bytes.asByteBuffer().limit(beginning.length()).equals(beginning.asByteBuffer());
    }

    private static void each(Map<Opaque, Map<Opaque, HeldBytes>> hosts, Consumer<Held> action) {
        hosts.forEach(
                (host, holders) ->
                        holders.forEach(
                                (key, bytes) -> {
                                    HolderKey holder = new HolderKey(host, key);
                                    bytes.forEach(
                                            (range, mode) ->
                                                    action.accept(new Held(holder, range, mode)));
                                }));
    }
}
