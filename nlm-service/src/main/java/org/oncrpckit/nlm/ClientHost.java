package org.oncrpckit.nlm;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.lock.Ticket;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Opaque;

/**
 * A client host: an address, under a number of its own in the lock table. Its locks, waiters and
 * grants are its {@link HostState}, which only its turns see.
 */
final class ClientHost extends Locker<HostState> {
    private final long number;
    private final HostAddress address;
    private final Optional<Opaque> journalName;
    private final Claims claims;
    private final ConcurrentMap<Ticket, RemoteWaiter> waiting;
    private final Grants grants;

    private ClientHost(
            long number,
            HostAddress address,
            Claims claims,
            ConcurrentMap<Ticket, RemoteWaiter> waiting,
            Grants grants,
            HostState state) {
        super(state);
        this.number = number;
        this.address = address;
        this.journalName = Optional.of(address.toOpaque());
        this.claims = claims;
        this.waiting = waiting;
        this.grants = grants;
    }

    static ClientHost of(
            long number, HostAddress address, Grants grants, NlmLimits limits, Timers timers) {
        Claims claims = new Claims();
        ConcurrentMap<Ticket, RemoteWaiter> waiting = new ConcurrentHashMap<>();
        HostState state =
                new HostState(
                        new SystemId(number, 0),
                        claims,
                        waiting,
                        new LockBudget(limits.locksPerHostMax()),
                        timers.nanoTime());
        return new ClientHost(number, address, claims, waiting, grants, state);
    }

    long number() {
        return number;
    }

    HostAddress address() {
        return address;
    }

    /** To be looked up by anybody, changed in turns only. */
    Claims claims() {
        return claims;
    }

    /** To be looked up by anybody, changed in turns only. */
    ConcurrentMap<Ticket, RemoteWaiter> waiting() {
        return waiting;
    }

    @Override
    Optional<Opaque> journalName() {
        return journalName;
    }

    @Override
    void ended(Turn turn, HostState state, Effect effect) {
        RemoteWaiter waiter = state.waiting.remove(effect.ticket());
        if (waiter == null) {
            return; // The turn that ended it has seen to everything.
        }
        if (effect.kind() == Effect.Kind.GRANTED) {
            grants.granted(turn, this, state, waiter);
        } else {
            state.finish(waiter);
            state.claims.doubt(waiter.claim(), grants.table());
        }
    }
}
