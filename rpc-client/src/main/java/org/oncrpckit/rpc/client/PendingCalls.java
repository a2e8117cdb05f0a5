package org.oncrpckit.rpc.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The xids of one endpoint and who waits for a reply to each. Lock-free.
 *
 * <p>Whoever is in the table is either taken out by its own end or found by the one who shuts the
 * table: {@link #register} looks whether it is shut after it has put the waiter in, {@link #shut}
 * says so before the waiters are looked at. Of two who would take it out one does.
 *
 * @param <W> who waits
 */
final class PendingCalls<W extends PendingCalls.Waiter> {
    /** Who waits for a reply. */
    interface Waiter {
        /**
         * Takes the xid under which it is about to be registered.
         *
         * @return false when it has ended and waits for nothing any more
         */
        boolean takes(int xid);

        /** Whether it has ended. */
        boolean hasEnded();
    }

    private final ConcurrentMap<Integer, W> waiters = new ConcurrentHashMap<>();
    private final AtomicInteger nextXid;
    private volatile @Nullable String shutBecause;

    PendingCalls(int firstXid) {
        this.nextXid = new AtomicInteger(firstXid);
    }

    /**
     * Gives the waiter an xid that no other one here has, and keeps it until {@link #forget}.
     *
     * @return false when the table is shut and the waiter is not in it
     */
    boolean register(W waiter) {
        while (!isShut()) {
            int xid = nextXid.getAndIncrement();
            if (!waiter.takes(xid)) {
                return true;
            }
            if (waiters.putIfAbsent(xid, waiter) == null) {
                if (waiter.hasEnded()) {
                    waiters.remove(xid, waiter);
                    return true;
                }
                return !isShut() || !waiters.remove(xid, waiter);
            }
        }
        return false;
    }

    /** The next xid, for a call that nobody waits for. */
    int unusedXid() {
        int xid = nextXid.getAndIncrement();
        while (waiters.containsKey(xid)) {
            xid = nextXid.getAndIncrement();
        }
        return xid;
    }

    @Nullable W find(int xid) {
        return waiters.get(xid);
    }

    void forget(int xid, W waiter) {
        waiters.remove(xid, waiter);
    }

    /**
     * Takes no more waiters, and takes out those that are in it.
     *
     * @return who is to be told: each of them was registered, and nobody else takes it out
     */
    List<W> shut(String because) {
        if (shutBecause == null) {
            shutBecause = because;
        }
        List<W> out = new ArrayList<>(waiters.size());
        waiters.forEach(
                (xid, waiter) -> {
                    if (waiters.remove(xid, waiter)) {
                        out.add(waiter);
                    }
                });
        return out;
    }

    boolean isShut() {
        return shutBecause != null;
    }

    int size() {
        return waiters.size();
    }
}
