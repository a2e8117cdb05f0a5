package org.oncrpckit.nlm;

import java.util.ArrayList;
import java.util.List;
import org.oncrpckit.lock.CancelResult;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.FileId;
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

/**
 * One turn of a locker at the {@link LockDesk}: the only way to change the lock table. Collects the
 * effects of what is done, so that none can be forgotten, and what has to happen when the locker's
 * state is free again. Used by one thread, inside the turn.
 */
final class Turn {
    private final LockTable table;
    private final List<Effect> effects = new ArrayList<>(0);
    private final List<Runnable> actions = new ArrayList<>(0);

    Turn(LockTable table) {
        this.table = table;
    }

    LockOutcome lock(LockRequest request, LockPolicy policy) {
        LockResult result = table.lock(request, policy);
        effects.addAll(result.effects());
        return result.outcome();
    }

    void unlock(LockOwner owner, FileId file, LockRange range) {
        effects.addAll(table.unlock(owner, file, range));
    }

    CancelResult.Status cancel(Ticket ticket) {
        CancelResult result = table.cancel(ticket);
        effects.addAll(result.effects());
        return result.status();
    }

    ShareOutcome share(LockOwner owner, FileId file, ShareMode mode) {
        return table.share(owner, file, mode);
    }

    void unshare(LockOwner owner, FileId file, ShareMode mode) {
        table.unshare(owner, file, mode);
    }

    void releaseOwner(LockOwner owner) {
        effects.addAll(table.releaseOwner(owner));
    }

    void releaseSystem(SystemId system) {
        effects.addAll(table.releaseSystem(system));
    }

    /**
     * Runs an action after the turn, with no lock held: whatever sends, completes a future, or
     * calls a listener. It may take turns of its own.
     */
    void afterwards(Runnable action) {
        actions.add(action);
    }

    List<Effect> effects() {
        return effects;
    }

    List<Runnable> actions() {
        return actions;
    }
}
