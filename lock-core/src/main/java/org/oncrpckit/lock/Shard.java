package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Some of a table's files with all that is held on them, and what is held of whom. Everything in a
 * shard, down to the last tree, is guarded by the shard's lock; owners and systems have an entry of
 * their own in every shard in which they have something, so that no operation on one file touches
 * two shards.
 */
final class Shard {
    final int index;

    /** Null in a single-threaded table. */
    private final @Nullable ReentrantLock lock;

    /** How many locks and reservations the whole table has. Shared by all shards. */
    private final AtomicLong heldTotal;

    private final EntryTable<FileEntry> files = new EntryTable<>();
    private final EntryTable<OwnerEntry> owners = new EntryTable<>();
    private final EntryTable<SystemEntry> systems = new EntryTable<>();

    /** What owners have that ever had something on two files at once. */
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
        FileEntry f = files.first(id.hashCode());
        while (f != null && !f.id.equals(id)) {
            f = files.after(f);
        }
        return f;
    }

    FileEntry fileFor(FileId id) {
        FileEntry f = file(id);
        if (f == null) {
            f = new FileEntry(id, this, ++serials);
            files.add(f);
        }
        return f;
    }

    @Nullable OwnerEntry owner(LockOwner id) {
        assert isEntered();
        OwnerEntry o = owners.first(id.hashCode());
        while (o != null && !o.owner.equals(id)) {
            o = owners.after(o);
        }
        return o;
    }

    private OwnerEntry ownerFor(LockOwner id) {
        OwnerEntry o = owner(id);
        if (o == null) {
            SystemEntry s = system(id.system());
            if (s == null) {
                s = new SystemEntry(id.system());
                systems.add(s);
            }
            o = new OwnerEntry(id, s, ++serials);
            owners.add(o);
            s.link(o);
        }
        return o;
    }

    private @Nullable SystemEntry system(SystemId id) {
        SystemEntry s = systems.first(id.hashCode());
        while (s != null && !s.id.equals(id)) {
            s = systems.after(s);
        }
        return s;
    }

    @Nullable Holding holding(@Nullable FileEntry file, LockOwner owner) {
        if (file == null) {
            return null;
        }
        OwnerEntry o = owner(owner);
        return o == null ? null : holding(file, o);
    }

    @Nullable Holding holding(FileEntry file, OwnerEntry owner) {
        if (!owner.inTable) {
            Holding only = owner.holdings;
            return only != null && only.file == file ? only : null;
        }
        Holding h = holdings.first(Holding.hash(file, owner));
        while (h != null && (h.file != file || h.owner != owner)) {
            h = holdings.after(h);
        }
        return h;
    }

    /** What an owner has on a file, made if it has nothing yet. */
    Holding holdingFor(FileEntry file, LockOwner id) {
        OwnerEntry o = ownerFor(id);
        Holding h = holding(file, o);
        if (h == null) {
            h = new Holding(file, o);
            Holding only = o.holdings;
            if (only != null && !o.inTable) {
                o.inTable = true;
                holdings.add(only);
            }
            o.link(h);
            if (o.inTable) {
                holdings.add(h);
            }
        }
        return h;
    }

    /** Forgets a holding, and its owner and system, if nothing is left of them. */
    void dropIfEmpty(Holding h) {
        if (!h.isEmpty()) {
            return;
        }
        assert h.watchers == null || h.watchers.isEmpty();
        OwnerEntry o = h.owner;
        if (o.inTable) {
            holdings.remove(h);
        }
        o.unlink(h);
        if (o.holdings != null) {
            return;
        }
        owners.remove(o);
        SystemEntry s = o.system;
        s.unlink(o);
        if (s.owners == null) {
            systems.remove(s);
        }
    }

    /** Forgets a file, unless something is left on it or it has been forgotten already. */
    void dropIfEmpty(FileEntry f) {
        if (f.isEmpty() && file(f.id) == f) {
            files.remove(f);
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
            addHoldings(owner(of.owner()), found);
        } else if (scope instanceof Scope.OfSystem of) {
            SystemEntry s = system(of.system());
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

    /** Visits all files, in no order that means anything. */
    void forEachFile(Consumer<FileEntry> visitor) {
        assert isEntered();
        files.forEach(visitor);
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

    int holdingsInTable() {
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
