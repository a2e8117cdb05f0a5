package org.oncrpckit.rpc.client;

import java.util.concurrent.atomic.AtomicBoolean;

/** Waits for a reply in a {@link PendingCalls}, and ends as a call does. */
final class TestWaiter implements PendingCalls.Waiter {
    private final AtomicBoolean ended = new AtomicBoolean();
    volatile int xid;

    /** Whether the one who shut the table has told it so. */
    volatile boolean told;

    @Override
    public boolean takes(int newXid) {
        if (ended.get()) {
            return false;
        }
        xid = newXid;
        return true;
    }

    @Override
    public boolean hasEnded() {
        return ended.get();
    }

    /** Ends it, first the flag, then out of the table; true for whoever did it. */
    boolean end(PendingCalls<TestWaiter> table) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        table.forget(xid, this);
        return true;
    }

    /** Ends one that is not in a table. */
    void endOutside() {
        ended.set(true);
    }
}
