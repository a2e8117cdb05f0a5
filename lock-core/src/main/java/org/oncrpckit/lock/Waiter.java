package org.oncrpckit.lock;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A waiting request. Guarded by the slow-path lock; its place in its file's {@link FileQueue} and
 * in a {@link Holding}'s watchers by the file's shard as well.
 *
 * <p>It has one <em>witness</em>, which proves that it cannot be granted yet: a waiting request
 * ahead of it that it conflicts with (or one of its own owner's that wants no more than it does),
 * or else a byte that another owner holds. Only when the witness goes is the request looked at
 * again.
 */
final class Waiter extends EntryTable.Entry implements Comparable<Waiter> {
    /** The place of a request that waits no longer. */
    static final long ORDER_GONE = -1;

    static final Comparator<Waiter> BY_ORDER = (a, b) -> Long.compare(a.order, b.order);

    final LockRequest request;
    final FileEntry file;
    final OwnerWaits owner;
    final long ticket;

    /** Place in the queue: lower is ahead, in all files alike. */
    long order;

    /** How many TRY requests have passed it. */
    int overtakings;

    /** The request ahead that is the witness, or null. */
    private @Nullable Waiter ahead;

    /** The holder of {@link #heldByte} that is the witness, or null. */
    private @Nullable Holding holder;

    private long heldByte;

    /** The first of the requests whose witness this one is. */
    private @Nullable Waiter watchers;

    private @Nullable Waiter previousWatcher;
    private @Nullable Waiter nextWatcher;

    /** Neighbours among the owner's waiting requests, in queue order. */
    @Nullable Waiter previousOfOwner;

    @Nullable Waiter nextOfOwner;

    /** Links and summaries of the {@link WaitTree} node that this is. */
    @Nullable Waiter left;

    @Nullable Waiter right;
    long lastMax;
    long orderMin;
    long orderMax;

    /** The last search that has looked at this node, and the places that it had left below. */
    long seenBy;

    long leftMin;
    long leftMax;

    Waiter(LockRequest request, FileEntry file, OwnerWaits owner, long ticket) {
        super(EntryTable.spread(ticket));
        this.request = request;
        this.file = file;
        this.owner = owner;
        this.ticket = ticket;
    }

    long first() {
        return request.range().first();
    }

    long last() {
        return request.range().last();
    }

    LockMode mode() {
        return request.mode();
    }

    boolean intersects(long first, long last) {
        return Overlap.of(first(), last(), first, last) != Overlap.NONE;
    }

    /**
     * Whether it wants at least as much as another request. What conflicts with that one conflicts
     * with this.
     */
    boolean wantsAllOf(long first, long last, LockMode wanted) {
        Overlap overlap = Overlap.of(first(), last(), first, last);
        return (overlap == Overlap.EQUAL || overlap == Overlap.CONTAINS)
                && (mode() == LockMode.EXCLUSIVE || wanted == LockMode.SHARED);
    }

    /**
     * Whether it wants no more than another request. What conflicts with this one conflicts with
     * that.
     */
    boolean isWithin(long first, long last, LockMode wanted) {
        Overlap overlap = Overlap.of(first(), last(), first, last);
        return (overlap == Overlap.EQUAL || overlap == Overlap.CONTAINED)
                && (wanted == LockMode.EXCLUSIVE || mode() == LockMode.SHARED);
    }

    WaitingLock toWaitingLock() {
        return new WaitingLock(new Ticket(ticket), request);
    }

    boolean isWaiting() {
        return order != ORDER_GONE;
    }

    @Nullable Waiter ahead() {
        return ahead;
    }

    @Nullable Holding holder() {
        return holder;
    }

    long heldByte() {
        return heldByte;
    }

    void watch(Waiter witness) {
        ahead = witness;
        nextWatcher = witness.watchers;
        if (witness.watchers != null) {
            witness.watchers.previousWatcher = this;
        }
        witness.watchers = this;
    }

    void watch(Holding witness, long atByte) {
        RangeTree<Waiter> tree = witness.watchers;
        if (tree == null) {
            tree = new RangeTree<>(true, false);
            witness.watchers = tree;
        }
        tree.add(atByte, atByte, this);
        holder = witness;
        heldByte = atByte;
    }

    void dropWitness() {
        if (ahead != null) {
            if (previousWatcher == null) {
                ahead.watchers = nextWatcher;
            } else {
                previousWatcher.nextWatcher = nextWatcher;
            }
            if (nextWatcher != null) {
                nextWatcher.previousWatcher = previousWatcher;
            }
            ahead = null;
            previousWatcher = null;
            nextWatcher = null;
        }
        if (holder != null && holder.watchers != null) {
            holder.watchers.remove(heldByte, this);
            if (holder.watchers.isEmpty()) {
                holder.watchers = null;
            }
        }
        holder = null;
    }

    /** The first request whose witness this one is, or null. */
    @Nullable Waiter firstWatcher() {
        return watchers;
    }

    /** By number, since what depends on identity hashes is never the same twice. */
    @Override
    public int hashCode() {
        return Long.hashCode(ticket);
    }

    @Override
    public int compareTo(Waiter other) {
        return Long.compare(ticket, other.ticket);
    }
}
