package org.oncrpckit.lock;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Byte-range locks on any number of files, with a queue of waiting requests, and DOS share
 * reservations.
 *
 * <p>What it promises:
 *
 * <ul>
 *   <li>No two locks that conflict are held at once. Two conflict iff their owners differ, their
 *       ranges intersect and one is exclusive.
 *   <li>A waiting request is granted inside the very operation that takes away its last obstacle;
 *       there is no moment at which a newcomer could come between.
 *   <li>First come, first served: a later {@link LockPolicy#WAIT} request passes a waiting one that
 *       it conflicts with only if the latter's owner waits for the former's owner anyway. A {@link
 *       LockPolicy#TRY} request may pass one, but all of them together pass each waiting request a
 *       bounded number of times.
 *   <li>A WAIT request is refused as a deadlock iff its owner would wait, through held locks alone,
 *       for itself. Every request that was queued is granted if all holders unlock in the end.
 *   <li>The same operations in the same order have the same results, effects and snapshots.
 * </ul>
 *
 * <p>Every operation that can change what waits returns its {@linkplain Effect effects}. The table
 * calls nobody: the caller tells whoever is concerned, in the given order, and holds none of the
 * table's locks while it does. A concurrent table is safe for any number of threads; a
 * single-threaded one ({@link Builder#singleThreaded}) takes no locks at all and must be used by
 * one thread at a time. Passing null anywhere throws {@link NullPointerException} and changes
 * nothing.
 */
public final class LockTable {
    private final LockEngine engine;
    private final Listing listing;

    private LockTable(Builder builder) {
        this.engine = new LockEngine(builder);
        this.listing = new Listing(engine);
    }

    /** What is behind it, for tests. */
    LockEngine engine() {
        return engine;
    }

    /** Starts to build a table. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Asks for a lock. If it is granted, it replaces whatever the owner held on these bytes
     * (upgrade, downgrade) and joins with the owner's locks of the same mode that it touches.
     *
     * <p>A granted request has no ticket and no effect of its own; the effects are those on others,
     * such as readers that a downgrade lets in.
     *
     * @param request what to lock
     * @param policy what to do if it cannot be granted at once
     */
    public LockResult lock(LockRequest request, LockPolicy policy) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(policy, "policy");
        return engine.lock(request, policy);
    }

    /**
     * Finds the held lock with the lowest start that conflicts with a request. Waiting requests do
     * not count, so a TRY may be denied although this finds nothing. Changes nothing.
     *
     * @param request what somebody might want to lock
     * @return the conflicting lock, the lowest owner's if several start on the same byte, or empty
     *     if there is none
     */
    public Optional<HeldLock> test(LockRequest request) {
        Objects.requireNonNull(request, "request");
        return engine.test(request);
    }

    /**
     * Unlocks bytes. Always succeeds, whether or not anything was held there, and even where that
     * splits a lock in a full table. The owner's waiting requests stay.
     *
     * @param owner whose lock
     * @param file on which file
     * @param range which bytes
     * @return requests that were granted by it
     */
    public List<Effect> unlock(LockOwner owner, FileId file, LockRange range) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(range, "range");
        return engine.unlock(owner, file, range);
    }

    /**
     * Ends a waiting request.
     *
     * @param ticket which one; one that never was is merely not waiting
     */
    public CancelResult cancel(Ticket ticket) {
        Objects.requireNonNull(ticket, "ticket");
        return engine.slow.cancel(ticket);
    }

    /**
     * Drops everything of one owner on every file: held locks, waiting requests, share
     * reservations.
     *
     * @param owner whose
     * @return the ends of its waiting requests in their order, then the grants to others
     */
    public List<Effect> releaseOwner(LockOwner owner) {
        Objects.requireNonNull(owner, "owner");
        return engine.slow.release(Scope.of(owner), Effect.EndReason.OWNER_RELEASED);
    }

    /**
     * Drops everything of every owner on one system, atomically.
     *
     * @param system which one
     * @return the ends of its waiting requests in their order, then the grants to others
     */
    public List<Effect> releaseSystem(SystemId system) {
        Objects.requireNonNull(system, "system");
        return engine.slow.release(Scope.of(system), Effect.EndReason.SYSTEM_RELEASED);
    }

    /**
     * Drops everything on one file.
     *
     * @param file which one
     * @return the ends of the requests that waited there, in their order
     */
    public List<Effect> releaseFile(FileId file) {
        Objects.requireNonNull(file, "file");
        return engine.slow.release(Scope.of(file), Effect.EndReason.FILE_RELEASED);
    }

    /**
     * Takes a share reservation, once more if the owner has the same one already. Share
     * reservations and byte-range locks know nothing of each other.
     *
     * @param owner for whom
     * @param file on which file
     * @param mode access and denial
     */
    public ShareOutcome share(LockOwner owner, FileId file, ShareMode mode) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(mode, "mode");
        return engine.share(owner, file, mode);
    }

    /**
     * Gives back a share reservation, once.
     *
     * @param owner whose
     * @param file on which file
     * @param mode exactly the access and denial that were taken
     * @return whether there was one
     */
    @CanIgnoreReturnValue
    public boolean unshare(LockOwner owner, FileId file, ShareMode mode) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(mode, "mode");
        return engine.unshare(owner, file, mode);
    }

    /**
     * Lists held locks by file; those of one file by first byte and owner or, where the scope is an
     * owner or a system, by owner and first byte.
     *
     * <p>A stream of this table's is filled piece by piece while it is read, and holds no lock in
     * between. Each piece is exact; in a table that changes meanwhile the whole need not be. The
     * files to visit are found out at the start.
     *
     * @param scope which ones
     */
    public Stream<HeldLock> held(Scope scope) {
        Objects.requireNonNull(scope, "scope");
        return listing.held(scope);
    }

    /**
     * Lists waiting requests in the order in which they queue. Shows one moment, that of the call.
     *
     * @param scope which ones
     */
    public Stream<WaitingLock> waiting(Scope scope) {
        Objects.requireNonNull(scope, "scope");
        return listing.waiting(scope);
    }

    /**
     * Lists why requests wait: for each waiting request in {@link #waiting} order, the held locks
     * that conflict with it, then the conflicting requests ahead of it.
     *
     * @param scope which waiting requests
     */
    public Stream<WaitsFor> waitsFor(Scope scope) {
        Objects.requireNonNull(scope, "scope");
        return listing.waitsFor(scope);
    }

    /**
     * Lists share reservations, ordered by file, owner and mode. Filled file by file as {@link
     * #held} is.
     *
     * @param scope which ones
     */
    public Stream<HeldShare> shares(Scope scope) {
        Objects.requireNonNull(scope, "scope");
        return listing.shares(scope);
    }

    /**
     * Whether an owner holds a lock or a share reservation on a file. Takes no longer than finding
     * them, whatever the owner has elsewhere.
     *
     * @param owner who
     * @param file on which file
     */
    public boolean holdsAny(LockOwner owner, FileId file) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(file, "file");
        return engine.holdsAny(owner, file);
    }

    /**
     * Whether an owner holds all that a request asks for, in the mode that it asks for. Takes no
     * longer than finding it, whatever the owner has elsewhere.
     *
     * @param request whose, where and in which mode
     */
    public boolean holds(LockRequest request) {
        Objects.requireNonNull(request, "request");
        return engine.holds(request);
    }

    /**
     * An owner's locks on a file that have some of the given bytes, in their order and with all
     * bytes that they have. Takes as long as these are many, whatever the owner has elsewhere.
     *
     * @param owner whose
     * @param file on which file
     * @param range which bytes
     * @param max how many at the most; the first ones
     * @return of one moment, unmodifiable
     * @throws IllegalArgumentException if the maximum is below 1
     */
    public List<HeldLock> held(LockOwner owner, FileId file, LockRange range, int max) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(range, "range");
        if (max < 1) {
            throw new IllegalArgumentException("max " + max + " (expected: >= 1)");
        }
        return listing.held(owner, file, range, max);
    }

    /**
     * Counts. Takes as long as there are files with something of the owner or system; everything,
     * or one file, is counted at once. The counts of a table that changes meanwhile are not of one
     * moment.
     *
     * @param scope what
     */
    public LockCounts counts(Scope scope) {
        Objects.requireNonNull(scope, "scope");
        return listing.counts(scope);
    }

    /**
     * Writes the whole state: locks, reservations, the queue with its order, tickets and counts.
     * Equal states are equal bytes. {@link Builder#restore} makes a table that behaves the same
     * from then on, if its settings are the same.
     *
     * <p>Shows one moment. A concurrent table stops for as long as it takes to put the state into
     * memory (some tens of bytes a lock), and writes it out afterwards; a single-threaded one
     * writes directly.
     *
     * @param out gets the bytes; flushed, not closed
     * @throws IOException if writing fails
     */
    public void snapshot(OutputStream out) throws IOException {
        Objects.requireNonNull(out, "out");
        Snapshot.write(engine, out);
    }

    /** Settings of a table. Not safe for several threads. */
    public static final class Builder {
        /** The default of {@link #overtakingsMax}. */
        public static final int OVERTAKINGS_MAX_DEFAULT = 8;

        /** The default of {@link #heldMax}. */
        public static final long HELD_MAX_DEFAULT = 2_000_000;

        /** The default of {@link #waitingMax}. */
        public static final long WAITING_MAX_DEFAULT = 200_000;

        /** Enough for many threads to pass each other; one bit of a long each. */
        private static final int SHARDS_DEFAULT = Long.SIZE;

        private int overtakingsMax = OVERTAKINGS_MAX_DEFAULT;
        private long heldMax = HELD_MAX_DEFAULT;
        private long waitingMax = WAITING_MAX_DEFAULT;

        private boolean singleThreaded;
        private int shards = SHARDS_DEFAULT;

        private Builder() {}

        /**
         * How often, at most, requests with {@link LockPolicy#TRY} may pass one waiting request
         * that they conflict with. 0 means that they respect the queue.
         *
         * @throws IllegalArgumentException if negative
         */
        @CanIgnoreReturnValue
        public Builder overtakingsMax(int overtakings) {
            if (overtakings < 0) {
                throw new IllegalArgumentException(
                        "overtakingsMax " + overtakings + " (expected: >= 0)");
            }
            this.overtakingsMax = overtakings;
            return this;
        }

        /**
         * How many held locks and share reservations there may be, together, when another is asked
         * for. A request that waited is granted in spite of it, and unlocking may split a lock in
         * spite of it.
         *
         * @throws IllegalArgumentException if below 1
         */
        @CanIgnoreReturnValue
        public Builder heldMax(long locks) {
            if (locks < 1) {
                throw new IllegalArgumentException("heldMax " + locks + " (expected: >= 1)");
            }
            this.heldMax = locks;
            return this;
        }

        /**
         * How many requests may wait.
         *
         * @throws IllegalArgumentException if negative
         */
        @CanIgnoreReturnValue
        public Builder waitingMax(long requests) {
            if (requests < 0) {
                throw new IllegalArgumentException("waitingMax " + requests + " (expected: >= 0)");
            }
            this.waitingMax = requests;
            return this;
        }

        /**
         * Makes a table without locks of its own, for one thread at a time, such as one that
         * applies a log.
         */
        @CanIgnoreReturnValue
        public Builder singleThreaded() {
            this.singleThreaded = true;
            return this;
        }

        int overtakingsMax() {
            return overtakingsMax;
        }

        long heldMax() {
            return heldMax;
        }

        long waitingMax() {
            return waitingMax;
        }

        /** How many shards a concurrent table has; for tests. */
        @CanIgnoreReturnValue
        Builder shards(int count) {
            this.shards = count;
            return this;
        }

        int shards() {
            return shards;
        }

        boolean isSingleThreaded() {
            return singleThreaded;
        }

        /**
         * Makes a table with the state that {@link LockTable#snapshot} has written. Limits are not
         * applied to it.
         *
         * @param in where to read it; may be read beyond the snapshot's end, and is not closed
         * @throws IOException if reading fails, or what is read is not a whole and consistent
         *     snapshot
         */
        public LockTable restore(InputStream in) throws IOException {
            Objects.requireNonNull(in, "in");
            LockTable table = build();
            SnapshotReader.read(table.engine, in);
            return table;
        }

        /** Makes an empty table. */
        public LockTable build() {
            return new LockTable(this);
        }
    }
}
