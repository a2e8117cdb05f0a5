package org.oncrpckit.nlm.reclaim;

import java.util.function.Consumer;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.nlm.reclaim.JournalRecord.Freed;
import org.oncrpckit.nlm.reclaim.JournalRecord.Held;
import org.oncrpckit.nlm.reclaim.JournalRecord.HostReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.OwnerReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.ShareReturned;
import org.oncrpckit.nlm.reclaim.JournalRecord.ShareTaken;

/** What everybody holds as far as some records tell: locks and share reservations. */
final class HeldInRun {
    private final ByHolder<HeldBytes> bytes = new ByHolder<>();
    private final ByHolder<HeldShares> shares = new ByHolder<>();

    /** Adds what a record says is held from now on; others are left alone. */
    void add(JournalRecord entry) {
        if (entry instanceof Held held) {
            bytes.findOrAdd(held.holder(), HeldBytes::new).hold(held.range(), held.mode());
        } else if (entry instanceof ShareTaken taken) {
            shares.findOrAdd(taken.holder(), HeldShares::new).take(taken.mode(), taken.count());
        }
    }

    /**
     * Adds what another run holds. A share reservation that is there in both is the same one: it
     * was reclaimed.
     */
    void addRun(HeldInRun other) {
        other.bytes.forEach(
                (holder, held) ->
                        held.forEach(
                                (range, mode) ->
                                        bytes.findOrAdd(holder, HeldBytes::new).hold(range, mode)));
        other.shares.forEach(
                (holder, held) ->
                        held.forEach(
                                (mode, count) ->
                                        shares.findOrAdd(holder, HeldShares::new)
                                                .takeAtLeast(mode, count)));
    }

    /** Removes what a record says is not held any more; others are left alone. */
    void remove(JournalRecord entry) {
        if (entry instanceof Freed freed) {
            free(freed.holder(), freed.range());
        } else if (entry instanceof ShareReturned returned) {
            giveBack(returned.holder(), returned.mode());
        } else if (entry instanceof OwnerReleased released) {
            bytes.removeOwner(released.host(), released.owner());
            shares.removeOwner(released.host(), released.owner());
        } else if (entry instanceof HostReleased released) {
            bytes.removeHost(released.host());
            shares.removeHost(released.host());
        }
    }

    private void free(HolderKey holder, LockRange range) {
        HeldBytes held = bytes.find(holder);
        if (held != null) {
            held.free(range);
            if (held.isEmpty()) {
                bytes.remove(holder);
            }
        }
    }

    private void giveBack(HolderKey holder, ShareMode mode) {
        HeldShares held = shares.find(holder);
        if (held != null) {
            held.giveBack(mode);
            if (held.isEmpty()) {
                shares.remove(holder);
            }
        }
    }

    /** Whether all of these bytes are held, in this mode or a stronger one. */
    boolean covers(HolderKey holder, LockRange range, LockMode mode) {
        HeldBytes held = bytes.find(holder);
        return held != null && held.covers(range, mode);
    }

    /** Whether just this share reservation is held. */
    boolean hasShare(HolderKey holder, ShareMode mode) {
        HeldShares held = shares.find(holder);
        return held != null && held.has(mode);
    }

    /** All of it, in records that {@link #add} takes. */
    void forEach(Consumer<JournalRecord> action) {
        bytes.forEach(
                (holder, held) ->
                        held.forEach(
                                (range, mode) -> action.accept(new Held(holder, range, mode))));
        shares.forEach(
                (holder, held) ->
                        held.forEach(
                                (mode, count) ->
                                        action.accept(new ShareTaken(holder, mode, count))));
    }

    boolean isEmpty() {
        return bytes.isEmpty() && shares.isEmpty();
    }

    void clear() {
        bytes.clear();
        shares.clear();
    }
}
