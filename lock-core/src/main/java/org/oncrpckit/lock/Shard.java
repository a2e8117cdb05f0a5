package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Some of a table's files with all that is held on them, and what is held of whom. Everything in a
 * shard, down to the last tree, is guarded by the shard's lock; owners and systems have an entry of
 * their own in every shard in which they have something, so that no operation on one file touches
 * two shards.
 */
final class Shard {
    /** An emptied map that had been larger than this is thrown away, since maps do not shrink. */
    private static final int MAP_KEPT_MAX = 1024;

    final int index;

    /** Null in a single-threaded table. */
    private final @Nullable ReentrantLock lock;

    /** How many locks and reservations the whole table has. Shared by all shards. */
    private final AtomicLong heldTotal;

    private Map<FileId, FileEntry> files = new HashMap<>();
    private Map<LockOwner, OwnerEntry> owners = new HashMap<>();
    private Map<SystemId, SystemEntry> systems = new HashMap<>();
    private int filesPeak;
    private int ownersPeak;
    private final EntryTable<Holding> holdings = new EntryTable<>();

    /** The files with a queue. Changes only under the slow-path lock as well. */
    final Set<FileEntry> queued = new HashSet<>();

    /** How often reservations were taken, all files together. */
    long sharesTaken;

    private int serials;
    private long held;

    Shard(int index, AtomicLong heldTotal, boolean concurrent) {
        this.index = index;
        this.heldTotal = heldTotal;
        this.lock = concurrent ? new ReentrantLock() : null;
    }

    void enter() {
        if (lock != null) {
            lock.lock();
        }
    }

    void exit() {
        if (lock != null) {
            lock.unlock();
        }
    }

    /** Whether the caller may touch the shard. For assertions. */
    boolean isEntered() {
        return lock == null || lock.isHeldByCurrentThread();
    }

    /** Whether the caller has it locked; never in a single-threaded table. */
    boolean isLockedByCaller() {
        return lock != null && lock.isHeldByCurrentThread();
    }

    void countHeld(int change) {
        held += change;
        heldTotal.addAndGet(change);
    }

    /** How many ranges are held. */
    long held() {
        return held;
    }

    @Nullable FileEntry file(FileId id) {
        assert isEntered();
        return files.get(id);
    }

    FileEntry fileFor(FileId id) {
        assert isEntered();
        FileEntry f = files.get(id);
        if (f == null) {
            f = new FileEntry(id, this, ++serials);
            files.put(id, f);
            filesPeak = Math.max(filesPeak, files.size());
        }
        return f;
    }

    @Nullable OwnerEntry owner(LockOwner id) {
        assert isEntered();
        return owners.get(id);
    }

    @Nullable Holding holding(@Nullable FileEntry file, LockOwner owner) {
        if (file == null) {
            return null;
        }
        OwnerEntry o = owner(owner);
        return o == null ? null : holding(file, o);
    }

    @Nullable Holding holding(FileEntry file, OwnerEntry owner) {
        Holding only = owner.holdings;
        if (owner.holdingCount == 1 && only != null) {
            return only.file == file ? only : null;
        }
        Holding h = holdings.first(Holding.identity(file, owner));
        while (h != null && (h.file != file || h.owner != owner)) {
            h = holdings.after(h);
        }
        return h;
    }

    /** What an owner has on a file, made if it has nothing yet. */
    Holding holdingFor(FileEntry file, LockOwner id) {
        OwnerEntry o = owner(id);
        if (o == null) {
            o = new OwnerEntry(id, ++serials);
            owners.put(id, o);
            ownersPeak = Math.max(ownersPeak, owners.size());
            systems.computeIfAbsent(id.system(), SystemEntry::new).link(o);
        }
        Holding h = holding(file, o);
        if (h == null) {
            h = new Holding(file, o);
            holdings.add(h);
            o.link(h);
        }
        return h;
    }

    /** Forgets a holding, and its owner and system, if nothing is left of them. */
    void dropIfEmpty(Holding h) {
        if (!h.isEmpty()) {
            return;
        }
        assert h.watchers == null || h.watchers.isEmpty();
        holdings.remove(h);
        OwnerEntry o = h.owner;
        o.unlink(h);
        if (o.holdings != null) {
            return;
        }
        owners.remove(o.owner);
        if (owners.isEmpty() && ownersPeak > MAP_KEPT_MAX) {
            owners = new HashMap<>();
            systems = new HashMap<>(systems);
            ownersPeak = 0;
        }
        SystemEntry s = systems.get(o.owner.system());
        if (s != null) {
            s.unlink(o);
            if (s.owners == null) {
                systems.remove(s.id);
            }
        }
    }

    /** Forgets a file if nothing is left of it. */
    void dropIfEmpty(FileEntry f) {
        if (f.isEmpty() && files.remove(f.id, f) && files.isEmpty() && filesPeak > MAP_KEPT_MAX) {
            files = new HashMap<>();
            filesPeak = 0;
        }
    }

    /**
     * What a scope's owner, or its system's owners, have here; nothing for other scopes. In no
     * order.
     */
    List<Holding> holdings(Scope scope) {
        assert isEntered();
        List<Holding> found = new ArrayList<>();
        if (scope instanceof Scope.OfOwner of) {
            addHoldings(owners.get(of.owner()), found);
        } else if (scope instanceof Scope.OfSystem of) {
            SystemEntry s = systems.get(of.system());
            for (OwnerEntry o = s == null ? null : s.owners; o != null; o = o.nextOfSystem) {
                addHoldings(o, found);
            }
        }
        return found;
    }

    private static void addHoldings(@Nullable OwnerEntry o, List<Holding> found) {
        for (Holding h = o == null ? null : o.holdings; h != null; h = h.nextOfOwner) {
            found.add(h);
        }
    }

    /** All files, in no order that means anything. */
    Iterable<FileEntry> files() {
        assert isEntered();
        return files.values();
    }

    int fileCount() {
        return files.size();
    }

    int ownerCount() {
        return owners.size();
    }

    int systemCount() {
        return systems.size();
    }

    int holdingCount() {
        return holdings.size();
    }

    /** Enters several shards in ascending order, the only order in which anybody enters two. */
    static void enterAll(List<Shard> shards, long mask) {
        for (Shard s : shards) {
            if ((mask >>> s.index & 1) != 0) {
                s.enter();
            }
        }
    }

    static void exitAll(List<Shard> shards, long mask) {
        for (Shard s : shards) {
            if ((mask >>> s.index & 1) != 0) {
                s.exit();
            }
        }
    }
}
