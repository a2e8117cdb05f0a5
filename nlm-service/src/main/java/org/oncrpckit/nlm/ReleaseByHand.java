package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.SystemId;

/**
 * Frees what an operator says must be free. The client is not told, for the protocol has no words
 * for it: a client that is alive goes on as if it had its lock. A released request that waits is
 * asked for again by its client within half a minute, as a rule. Thread-safe; nothing blocks.
 */
public final class ReleaseByHand {
    private final LockDesk desk;
    private final HostRegistry hosts;
    private final LocalLocks local;

    ReleaseByHand(LockDesk desk, HostRegistry hosts, LocalLocks local) {
        this.desk = desk;
        this.hosts = hosts;
        this.local = local;
    }

    /**
     * All that a client host has: locks, waiting requests, share reservations. To the lock manager
     * that is as if the host had restarted.
     *
     * @return false when no such host is known
     */
    public boolean host(InetAddress client) {
        return hosts.release(Objects.requireNonNull(client, "client"));
    }

    /**
     * All that an owner has on every file.
     *
     * @return false when its host, in the life that this owner belongs to, is not known any more
     */
    public boolean owner(LockOwner owner) {
        if (owner.system().equals(SystemId.LOCAL)) {
            local.releaseOwner(LocalOwner.of(owner));
            return true;
        }
        return remote(owner, (turn, state) -> owner(turn, state, owner));
    }

    /**
     * What an owner holds of some bytes of a file. Its waiting requests stay.
     *
     * @return false when its host, in the life that this owner belongs to, is not known any more
     */
    public boolean lock(LockOwner owner, FileId file, LockRange range) {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(range, "range");
        if (owner.system().equals(SystemId.LOCAL)) {
            local.unlock(LocalOwner.of(owner), file, range);
            return true;
        }
        return remote(owner, (turn, state) -> lock(turn, state, owner, file, range));
    }

    /** What is done to a host's state. */
    private interface Step {
        void take(Turn turn, HostState state);
    }

    private boolean remote(LockOwner owner, Step step) {
        Optional<ClientHost> known = hosts.find(owner.system().host());
        if (known.isEmpty()) {
            return false;
        }
        try (Turn turn = desk.turn(known.get())) {
            HostState state = known.get().state();
            boolean alive = state.system.equals(owner.system());
            if (alive) {
                step.take(turn, state);
            }
            return alive;
        }
    }

    private void owner(Turn turn, HostState state, LockOwner owner) {
        for (Claim each : state.claims.of(owner, desk.table())) {
            List.copyOf(each.waiters()).forEach(state::finish);
            state.claims.remove(each);
        }
        // A grant that is not acknowledged may have nothing behind it any more.
        List.copyOf(state.unacknowledged.values()).stream()
                .filter(each -> each.request().owner().equals(owner))
                .forEach(state::finish);
        turn.releaseOwner(owner);
    }

    private void lock(Turn turn, HostState state, LockOwner owner, FileId file, LockRange range) {
        turn.unlock(owner, file, range);
        state.budget.spend();
        state.claims
                .find(owner, file)
                .ifPresent(
                        claim -> {
                            for (RemoteWaiter each : List.copyOf(claim.waiters())) {
                                unlocked(state, each, range);
                            }
                            state.claims.unlocked(claim, range, desk.table());
                        });
    }

    private static void unlocked(HostState state, RemoteWaiter waiter, LockRange range) {
        LockRange asked = waiter.request().range();
        if (waiter.phase == RemoteWaiter.Phase.GRANTED
                && Holdings.without(asked, List.of(range)).isEmpty()) {
            state.finish(waiter); // Announcing it would not be true any more.
            return;
        }
        waiter.parts().unlocked(range);
        waiter.suspect |= asked.intersects(range);
    }
}
