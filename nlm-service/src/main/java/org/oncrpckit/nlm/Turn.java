package org.oncrpckit.nlm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.CancelResult;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockOutcome;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockResult;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.lock.ShareOutcome;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.lock.Ticket;
import org.oncrpckit.nlm.reclaim.ReclaimJournal;
import org.oncrpckit.xdr.Opaque;

/**
 * One turn of a locker at the {@link LockDesk}: the only way to change the lock table. Collects the
 * effects of what is done, so that none can be forgotten, tells the journal, and keeps what has to
 * happen when the locker's state is free again. Used by one thread, inside the turn.
 *
 * <p>Most turns leave nothing to be done. The object of such a one is the locker's next turn too:
 * it belongs to whoever has the locker's lock. One that leaves something belongs to the thread that
 * settles it, and is not used again.
 */
final class Turn implements AutoCloseable {
    /** Set while this thread is inside a turn, to catch one inside another. */
    private static final ThreadLocal<@Nullable Boolean> IN_TURN = new ThreadLocal<>();

    private final LockDesk desk;
    private final Locker<?> locker;
    private final LockTable table;
    private final ReclaimJournal journal;

    /** Under what name the journal keeps what is done; empty when it does not. */
    private Optional<Opaque> journalName = Optional.empty();

    private boolean journaled;

    /** Empty and immutable until the first, as in most turns. */
    private List<Effect> effects = List.of();

    private List<Runnable> actions = List.of();

    Turn(LockDesk desk, Locker<?> locker, LockTable table, ReclaimJournal journal) {
        this.desk = desk;
        this.locker = locker;
        this.table = table;
        this.journal = journal;
    }

    /** Whether this thread is inside a turn; known in tests only. */
    static boolean isInside() {
        return IN_TURN.get() != null;
    }

    /** The locker's lock is taken, nothing is done yet. */
    void begin() {
        journalName = journal.isKept() ? locker.journalName() : Optional.empty();
        assert mark(true);
    }

    /**
     * Gives the locker's state back. Then the journal is made to survive this process: with no lock
     * held, and before anybody hears of what was done.
     *
     * @return whether there are actions or effects; if not, the turn is somebody else's now
     */
    boolean end() {
        assert mark(false);
        boolean write = journaled;
        journaled = false;
        boolean more = !isSettled();
        locker.leave(this, !more);
        if (write) {
            journal.write();
        }
        return more;
    }

    /** Ends the turn and settles what it has left. */
    @Override
    public void close() {
        if (end()) {
            desk.settle(this);
        }
    }

    LockOutcome lock(LockRequest request, LockPolicy policy) {
        LockResult result = table.lock(request, policy);
        collect(result.effects());
        if (isKept() && result.outcome().status() == LockOutcome.Status.GRANTED) {
            journal(host -> journal.held(host, held(request)));
        }
        return result.outcome();
    }

    void unlock(LockOwner owner, FileId file, LockRange range) {
        collect(table.unlock(owner, file, range));
        if (isKept()) {
            journal(host -> journal.freed(host, owner, file, range));
        }
    }

    CancelResult.Status cancel(Ticket ticket) {
        CancelResult result = table.cancel(ticket);
        collect(result.effects());
        return result.status();
    }

    ShareOutcome share(LockOwner owner, FileId file, ShareMode mode) {
        ShareOutcome outcome = table.share(owner, file, mode);
        if (isKept() && outcome.status() == ShareOutcome.Status.GRANTED) {
            journal(host -> journal.shareTaken(host, owner, file, mode));
        }
        return outcome;
    }

    void unshare(LockOwner owner, FileId file, ShareMode mode) {
        table.unshare(owner, file, mode);
        if (isKept()) {
            journal(host -> journal.shareReturned(host, owner, file, mode));
        }
    }

    void releaseOwner(LockOwner owner) {
        collect(table.releaseOwner(owner));
        journal(host -> journal.ownerReleased(host, owner));
    }

    void releaseSystem(SystemId system) {
        collect(table.releaseSystem(system));
        journal(journal::hostReleased);
    }

    /**
     * Takes a grant that a turn of somebody else has made. The owner may have unlocked or changed
     * some of it since, in turns that are journaled already: so what counts is what it holds now.
     */
    void delivered(Effect effect) {
        if (effect.kind() != Effect.Kind.GRANTED || !isKept()) {
            return;
        }
        LockRequest request = effect.request();
        Holdings.forEach(
                table,
                request.owner(),
                request.file(),
                request.range(),
                lock -> journal(host -> journal.held(host, lock)));
    }

    private boolean isKept() {
        return journalName.isPresent();
    }

    private void collect(List<Effect> more) {
        if (!more.isEmpty()) {
            if (effects.isEmpty()) {
                effects = new ArrayList<>(more.size());
            }
            effects.addAll(more);
        }
    }

    private void journal(Consumer<Opaque> telling) {
        journalName.ifPresent(
                host -> {
                    telling.accept(host);
                    journaled = true;
                });
    }

    private static HeldLock held(LockRequest request) {
        return new HeldLock(request.file(), request.owner(), request.range(), request.mode());
    }

    /**
     * Runs an action after the turn, with no lock held: whatever sends, completes a future, or
     * calls a listener. It may take turns of its own.
     */
    void afterwards(Runnable action) {
        if (actions.isEmpty()) {
            actions = new ArrayList<>(1);
        }
        actions.add(action);
    }

    List<Effect> effects() {
        return effects;
    }

    /** What is to be run now; it is not there any more afterwards. */
    List<Runnable> takeActions() {
        List<Runnable> taken = actions;
        actions = List.of();
        return taken;
    }

    boolean isSettled() {
        return actions.isEmpty() && effects.isEmpty();
    }

    private static boolean mark(boolean inside) {
        if (inside) {
            IN_TURN.set(true);
        } else {
            IN_TURN.remove();
        }
        return true;
    }
}
