package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.oncrpckit.lock.CancelResult;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.rpc.transport.Timers;

/**
 * The places of requests that were cancelled by a one-way message, as macOS does before each
 * repetition: whoever asks again within {@link #TIME} has not lost its turn.
 *
 * <p>Until then the request waits in the lock table (or holds the lock, if that was granted
 * meanwhile), although its owner may have gone. That may cost others time, and nothing else: what
 * only such a place would make a deadlock is none.
 */
final class KeptPlaces {
    /**
     * How long a place is kept. In between, nobody may have the lock; so it is about as long as an
     * answer and a question take on a slow network.
     */
    static final Duration TIME = Duration.ofMillis(500);

    private final LockDesk desk;
    private final HostRegistry hosts;
    private final Grants grants;
    private final Timers timers;

    KeptPlaces(LockDesk desk, HostRegistry hosts, Grants grants, Timers timers) {
        this.desk = desk;
        this.hosts = hosts;
        this.grants = grants;
        this.timers = timers;
    }

    /** Cancelled by a message: kept for so long and no longer, however often it is cancelled. */
    void keep(ClientHost host, HostState state, RemoteWaiter waiter) {
        if (waiter.cancelled) {
            return;
        }
        waiter.cancelled = true;
        state.kept.add(waiter);
        waiter.stopTimer();
        waiter.timer = timers.schedule(TIME, () -> over(host, waiter));
    }

    /** The client has asked again. */
    static void resume(HostState state, RemoteWaiter waiter) {
        if (waiter.cancelled) {
            waiter.cancelled = false;
            state.kept.remove(waiter);
            waiter.stopTimer();
        }
    }

    private void over(ClientHost host, RemoteWaiter waiter) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            if (waiter.cancelled && waiter.isUnheard()) {
                giveUp(turn, state, waiter);
            }
        }
    }

    /** Takes a request out of the queue, or gives back a lock of which no client has heard. */
    void giveUp(Turn turn, HostState state, RemoteWaiter waiter) {
        boolean waited =
                waiter.phase == RemoteWaiter.Phase.WAITING
                        && turn.cancel(waiter.ticket()) == CancelResult.Status.CANCELLED;
        if (waited) {
            state.finish(waiter);
            state.claims.doubt(waiter.claim(), desk.table());
        } else {
            grants.takeBack(turn, state, waiter);
        }
    }

    /**
     * Somebody's request would be a deadlock: gives up what these owners may not want any more.
     * Takes turns, so it must not be called inside one.
     *
     * @param cycle who waits for whom
     * @return whether there was anything; then the request is worth asking for again
     */
    boolean giveUp(List<LockOwner> cycle) {
        boolean any = false;
        for (LockOwner owner : cycle) {
            Optional<ClientHost> host = hosts.find(owner.system().host());
            any |= host.isPresent() && giveUp(host.get(), owner);
        }
        return any;
    }

    private boolean giveUp(ClientHost host, LockOwner owner) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            List<RemoteWaiter> own =
                    state.kept.stream()
                            .filter(each -> each.request().owner().equals(owner))
                            .filter(RemoteWaiter::isUnheard)
                            .toList();
            own.forEach(each -> giveUp(turn, state, each));
            return !own.isEmpty();
        }
    }
}
