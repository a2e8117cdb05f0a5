package org.oncrpckit.nlm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.Limit;
import org.oncrpckit.lock.LockCounts;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOutcome;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.lock.Ticket;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nlm.reclaim.ReclaimJournal;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.transport.Timers;

/**
 * What the operations do in a host's turn: where the habits of clients (polls, crossing messages,
 * unlocking at each close) meet the lock table, which knows none of them.
 */
final class LockSteps {
    private final LockDesk desk;
    private final HostRegistry hosts;
    private final Grants grants;
    private final KeptPlaces places;
    private final NlmLimits limits;
    private final GracePeriod grace;
    private final ReclaimJournal reclaims;
    private final Timers timers;
    private final Events events;

    LockSteps(
            LockDesk desk,
            HostRegistry hosts,
            Grants grants,
            KeptPlaces places,
            NlmLimits limits,
            GracePeriod grace,
            ReclaimJournal reclaims,
            Timers timers,
            Events events) {
        this.desk = desk;
        this.hosts = hosts;
        this.grants = grants;
        this.places = places;
        this.limits = limits;
        this.grace = grace;
        this.reclaims = reclaims;
        this.timers = timers;
        this.events = events;
    }

    /** The host has asked for something. */
    void heard(HostState state) {
        state.lastHeardNanos = timers.nanoTime();
    }

    /**
     * The host asks for a lock; begins a new life of it if it says that it has one.
     *
     * @return false when the message is of a life that has ended
     */
    boolean greet(Turn turn, ClientHost host, HostState state, HostName callerName, int nsmState) {
        heard(state);
        state.callerName = callerName;
        switch (HostLives.judge(state, nsmState, callerName, timers)) {
            case OLD -> {
                return false;
            }
            case NEW -> {
                hosts.beginLife(turn, host, state, nsmState);
                state.nsmStateSaidBy = callerName;
            }
            case SAME -> {}
        }
        return true;
    }

    /** LOCK. A request that waits already never comes to the table again. */
    Answer lock(
            Turn turn,
            ClientHost host,
            HostState state,
            Caller caller,
            LockArgs args,
            LockRequest request) {
        if (args.reclaim() && !isTrue(host, request)) {
            turn.afterwards(() -> events.reclaimRefused(host.address().address()));
            return Answer.of(NlmStatus.DENIED);
        }
        Claim claim = state.claims.findOrNull(request.owner(), request.file());
        Optional<RemoteWaiter> same = claim == null ? Optional.empty() : claim.waiterFor(request);
        if (same.isPresent()) {
            RemoteWaiter waiter = same.get();
            if (waiter.phase == RemoteWaiter.Phase.GRANTED) {
                // This reply tells the client. The table says what, for other threads of the owner
                // may have locked or unlocked some of these bytes since the grant.
                state.finish(waiter);
            } else if (args.block()) {
                KeptPlaces.resume(state, waiter);
                return blockedAgain(host, waiter, caller, args.lock());
            }
        }
        if (!hasRoom(turn, host, state, args.block())) {
            return Answer.of(NlmStatus.DENIED_NOLOCKS);
        }
        LockOutcome outcome = turn.lock(request, args.block() ? LockPolicy.WAIT : LockPolicy.TRY);
        return switch (outcome.status()) {
            case GRANTED -> granted(host, state, claim, args, request);
            case WAITING -> {
                if (claim != null) {
                    endMistakableGrants(turn, host, state, claim, request);
                }
                Ticket ticket = ((LockOutcome.Waiting) outcome).ticket();
                RemoteWaiter waiter = newWaiter(state, claim, caller, args.lock(), request, ticket);
                yield blockedAgain(host, waiter, caller, args.lock());
            }
            case DENIED -> Answer.of(NlmStatus.DENIED);
            case DEADLOCK ->
                    new Answer(NlmStatus.DEADLOCK, null, ((LockOutcome.Deadlock) outcome).cycle());
            case LIMIT_REACHED -> full(turn, host, (LockOutcome.LimitReached) outcome);
        };
    }

    /**
     * CANCEL. A request that is granted and was never announced is still waiting as far as the
     * client can know, and is cancelled. One that was announced is the client's: the answer says
     * so, and no repetition of the announcement is needed.
     *
     * <p>macOS, which sends one-way messages, cancels before each repeated LOCK. It would lose its
     * turn every time, so what is cancelled by a message keeps its place for {@link
     * KeptPlaces#TIME}.
     */
    NlmStatus cancel(
            Turn turn, ClientHost host, HostState state, LockRequest request, boolean oneWay) {
        Optional<RemoteWaiter> found =
                state.claims
                        .find(request.owner(), request.file())
                        .flatMap(claim -> claim.waiterFor(request));
        if (found.isEmpty()) {
            return desk.table().holds(request) ? NlmStatus.DENIED : NlmStatus.GRANTED;
        }
        RemoteWaiter waiter = found.get();
        if (waiter.isUnheard()) {
            if (oneWay) {
                places.keep(host, state, waiter);
            } else {
                places.giveUp(turn, state, waiter);
            }
            return NlmStatus.GRANTED;
        }
        grants.acknowledge(state, waiter);
        return NlmStatus.DENIED;
    }

    /**
     * UNLOCK. Two habits of clients meet here. After a failed LOCK they unlock just what they asked
     * for: that gives up the request, too. At each close they unlock the whole file, while another
     * thread of the owner may wait: that must not touch what this one waits for, nor what it has
     * been granted and not been told.
     */
    void unlock(
            Turn turn,
            HostState state,
            LockOwner owner,
            FileId file,
            LockRange range,
            boolean wholeFile) {
        Claim claim = state.claims.findOrNull(owner, file);
        if (claim == null) {
            return; // No claim, no lock.
        }
        if (claim.waiters().isEmpty()) {
            turn.unlock(owner, file, range);
        } else {
            List<LockRange> kept = unlockedBesideWaiters(turn, state, claim, range, wholeFile);
            for (LockRange each : Holdings.without(range, kept)) {
                turn.unlock(owner, file, each);
            }
        }
        state.budget.spend();
        state.claims.unlocked(claim, range, desk.table());
    }

    /** What an UNLOCK does to the owner's requests; the bytes that must stay locked. */
    private List<LockRange> unlockedBesideWaiters(
            Turn turn, HostState state, Claim claim, LockRange range, boolean wholeFile) {
        LockOwner owner = claim.key().owner();
        FileId file = claim.key().file();
        for (RemoteWaiter each : List.copyOf(claim.waiters())) {
            if (each.cancelled && each.request().range().intersects(range)) {
                places.giveUp(turn, state, each); // It is not coming back.
            }
        }
        if (!wholeFile) {
            for (LockMode each : LockMode.values()) {
                claim.waiterFor(new LockRequest(file, owner, range, each))
                        .filter(RemoteWaiter::isUnheard)
                        .ifPresent(waiter -> places.giveUp(turn, state, waiter));
            }
        }
        List<LockRange> kept = new ArrayList<>();
        for (RemoteWaiter each : List.copyOf(claim.waiters())) {
            if (each.isUnannounced()) {
                kept.add(each.request().range());
            } else if (each.phase == RemoteWaiter.Phase.GRANTED
                    && Holdings.without(each.request().range(), List.of(range)).isEmpty()) {
                state.finish(each); // It knew, or will hear nothing that is not true.
            }
            each.parts().unlocked(range);
            each.suspect |= !each.isUnannounced() && each.request().range().intersects(range);
        }
        return kept;
    }

    /** Later than in grace, a reclaim is a request like any other. */
    private boolean isTrue(ClientHost host, LockRequest request) {
        return !grace.isActive() || reclaims.mayReclaim(host.address().toOpaque(), request);
    }

    /** The same for a share reservation. */
    boolean isTrue(ClientHost host, LockOwner owner, FileId file, ShareMode mode) {
        return !grace.isActive()
                || reclaims.mayReclaimShare(host.address().toOpaque(), owner, file, mode);
    }

    private Answer granted(
            ClientHost host,
            HostState state,
            @Nullable Claim known,
            LockArgs args,
            LockRequest request) {
        Claim claim = known != null ? known : open(state, args.lock(), request);
        claim.settle(request.range());
        if (!claim.waiters().isEmpty()) {
            lockedBesideWaiters(claim, request);
        }
        state.budget.spend();
        if (args.reclaim()) {
            grace.reclaimed(host.address());
        }
        return Answer.of(NlmStatus.GRANTED);
    }

    private static void lockedBesideWaiters(Claim claim, LockRequest request) {
        for (RemoteWaiter each : claim.waiters()) {
            each.parts().locked(request.range(), request.mode());
            each.suspect |= each.request().range().intersects(request.range());
        }
    }

    /**
     * Linux does not look at the mode of a grant: a repetition of the one for a shared lock would
     * pass for that of an exclusive one of the same bytes, for which the owner waits now. So it is
     * not repeated any more; a thread that has missed it asks again.
     */
    private void endMistakableGrants(
            Turn turn, ClientHost host, HostState state, Claim claim, LockRequest request) {
        for (RemoteWaiter each : List.copyOf(claim.waiters())) {
            if (each.phase == RemoteWaiter.Phase.GRANTED
                    && each.request().range().equals(request.range())) {
                grants.leaveUnconfirmed(turn, host, state, each);
            }
        }
    }

    private RemoteWaiter newWaiter(
            HostState state,
            @Nullable Claim known,
            Caller caller,
            WireLock lock,
            LockRequest request,
            Ticket ticket) {
        Claim claim = known != null ? known : open(state, lock, request);
        RemoteWaiter waiter =
                new RemoteWaiter(
                        request,
                        claim,
                        ticket,
                        timers.now(),
                        HeldParts.of(desk.table(), request),
                        caller.route(),
                        caller.client(),
                        lock);
        claim.add(waiter);
        state.waiting.put(ticket, waiter);
        state.budget.spend();
        return waiter;
    }

    /** BLOCKED; GRANTED may follow when the reply has left. */
    private Answer blockedAgain(
            ClientHost host, RemoteWaiter waiter, Caller caller, WireLock lock) {
        waiter.route = caller.route();
        waiter.client = caller.client();
        waiter.description = lock;
        waiter.repliesPending++;
        return new Answer(NlmStatus.BLOCKED, () -> replyLeft(host, waiter), List.of());
    }

    private void replyLeft(ClientHost host, RemoteWaiter waiter) {
        try (Turn turn = desk.turn(host)) {
            grants.replyLeft(turn, host, host.state(), waiter);
        }
    }

    private Claim open(HostState state, WireLock lock, LockRequest request) {
        return state.claims.open(request.owner(), request.file(), lock.callerName(), timers);
    }

    private boolean hasRoom(Turn turn, ClientHost host, HostState state, boolean block) {
        if (block && state.waiters() >= limits.waitersPerHostMax()) {
            turn.afterwards(
                    () -> limitReached(host, "waitersPerHostMax", limits.waitersPerHostMax()));
            return false;
        }
        return hasRoom(turn, host, state);
    }

    /** Whether the host may have another lock or share. */
    boolean hasRoom(Turn turn, ClientHost host, HostState state) {
        long now = timers.nanoTime();
        if (!state.budget.hasRoom() && state.budget.isCountDue(now)) {
            state.budget.counted(countHeld(state.system), now);
        }
        if (!state.budget.hasRoom()) {
            turn.afterwards(() -> limitReached(host, "locksPerHostMax", limits.locksPerHostMax()));
            return false;
        }
        return true;
    }

    private long countHeld(SystemId system) {
        LockCounts counts = desk.table().counts(Scope.of(system));
        return counts.held() + counts.shares();
    }

    private Answer full(Turn turn, ClientHost host, LockOutcome.LimitReached reached) {
        String limit = reached.limit() == Limit.HELD ? "locksMax" : "waitersMax";
        turn.afterwards(() -> limitReached(host, limit, reached.max()));
        return Answer.of(NlmStatus.DENIED_NOLOCKS);
    }

    private void limitReached(ClientHost host, String limit, long max) {
        events.limitReached(host.address().address(), limit, max);
    }
}
