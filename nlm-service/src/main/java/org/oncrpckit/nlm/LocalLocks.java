package org.oncrpckit.nlm;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.CancelResult;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOutcome;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.lock.Ticket;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Opaque;

/**
 * Locks for this process and those that it serves, on the files and in the queues of the remote
 * clients: everybody in order of arrival. Thread-safe; nothing here blocks.
 *
 * <p>A file is named as the {@link FileHandleResolver} names it: with the opaque one, by the bytes
 * of its handle. During a grace period locks are for those who had them before, so nothing is
 * granted here until it is over.
 */
public final class LocalLocks {
    private static final HostName NO_NAME = new HostName(Opaque.EMPTY);

    private final LockDesk desk;
    private final GracePeriod grace;
    private final KeptPlaces places;
    private final Timers timers;
    private final int deferredMax;
    private final Claims claims = new Claims();
    private final ConcurrentMap<Ticket, Pending> waiting = new ConcurrentHashMap<>();
    private final ThisHost locker;

    LocalLocks(
            LockDesk desk, GracePeriod grace, KeptPlaces places, Timers timers, int deferredMax) {
        this.desk = desk;
        this.grace = grace;
        this.places = places;
        this.timers = timers;
        this.deferredMax = deferredMax;
        this.locker = new ThisHost(new State(claims, waiting));
        desk.admit(SystemId.LOCAL.host(), locker);
    }

    /**
     * Asks for a lock and waits for it, unless that would be a deadlock. Two requests of one owner
     * are two requests, even when they ask for the same.
     */
    public LocalRequest lock(LocalOwner owner, FileId file, LockRange range, LockMode mode) {
        Pending pending = new Pending(request(owner, file, range, mode), timers.now());
        if (deferOrAsk(pending)) {
            grace.whenOver(() -> askNow(pending));
        }
        return pending;
    }

    /** Takes a lock if it can be had at once: GRANTED, DENIED, NO_LOCKS or GRACE_PERIOD. */
    public LocalOutcome tryLock(LocalOwner owner, FileId file, LockRange range, LockMode mode) {
        LockRequest request = request(owner, file, range, mode);
        if (grace.isActive()) {
            return LocalOutcome.GRACE_PERIOD;
        }
        try (Turn turn = desk.turn(locker)) {
            State state = locker.state();
            LockOutcome outcome = turn.lock(request, LockPolicy.TRY);
            if (outcome.status() == LockOutcome.Status.GRANTED) {
                open(state, request);
            }
            return outcomeOf(outcome);
        }
    }

    /** Gives back whatever the owner holds of these bytes; its waiting requests stay. */
    public void unlock(LocalOwner owner, FileId file, LockRange range) {
        LockOwner lockOwner = Objects.requireNonNull(owner, "owner").toLockOwner();
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(range, "range");
        try (Turn turn = desk.turn(locker)) {
            State state = locker.state();
            turn.unlock(lockOwner, file, range);
            state.claims
                    .find(lockOwner, file)
                    .ifPresent(each -> state.claims.unlocked(each, range, desk.table()));
        }
    }

    /** Gives back all that the owner holds, on every file, and ends its waiting requests. */
    public void releaseOwner(LocalOwner owner) {
        LockOwner lockOwner = Objects.requireNonNull(owner, "owner").toLockOwner();
        try (Turn turn = desk.turn(locker)) {
            State state = locker.state();
            state.claims.of(lockOwner, desk.table()).forEach(state.claims::remove);
            turn.releaseOwner(lockOwner);
            for (Pending each : List.copyOf(state.deferred)) {
                if (each.request.owner().equals(lockOwner)) {
                    end(turn, state, each, LocalOutcome.CANCELLED);
                }
            }
        }
    }

    Claims claims() {
        return claims;
    }

    /** When a ticket began to wait; the epoch for one that has just ended. */
    Instant waitingSince(Ticket ticket) {
        Pending pending = waiting.get(ticket);
        return pending == null ? Instant.EPOCH : pending.since;
    }

    /** Drops doubtful claims. */
    void sweep(int max) {
        desk.change(locker, state -> state.claims.sweep(desk.table(), max));
    }

    /** Releases everything; whoever waits is told CANCELLED. */
    void close() {
        try (Turn turn = desk.turn(locker)) {
            State state = locker.state();
            turn.releaseSystem(SystemId.LOCAL);
            List.copyOf(state.deferred)
                    .forEach(each -> end(turn, state, each, LocalOutcome.CANCELLED));
            state.claims.clear();
        }
    }

    /** Whether the request waits for the end of the grace period. */
    private boolean deferOrAsk(Pending pending) {
        try (Turn turn = desk.turn(locker)) {
            State state = locker.state();
            if (!grace.isActive()) {
                ask(turn, state, pending);
                return false;
            }
            if (state.deferred.size() >= deferredMax) {
                end(turn, state, pending, LocalOutcome.NO_LOCKS);
                return false;
            }
            return state.deferred.add(pending);
        }
    }

    /** Unless it has been cancelled meanwhile. */
    private void askNow(Pending pending) {
        try (Turn turn = desk.turn(locker)) {
            State state = locker.state();
            if (state.deferred.remove(pending)) {
                ask(turn, state, pending);
            }
        }
    }

    private void ask(Turn turn, State state, Pending pending) {
        LockOutcome outcome = turn.lock(pending.request, LockPolicy.WAIT);
        if (outcome instanceof LockOutcome.Waiting wait) {
            pending.ticket = wait.ticket();
            state.waiting.put(wait.ticket(), pending);
            open(state, pending.request);
            return;
        }
        if (outcome instanceof LockOutcome.Deadlock deadlock) {
            state.deferred.add(pending); // It can be cancelled meanwhile.
            turn.afterwards(() -> refuse(pending, deadlock));
            return;
        }
        if (outcome.status() == LockOutcome.Status.GRANTED) {
            open(state, pending.request);
        }
        end(turn, state, pending, outcomeOf(outcome));
    }

    /** A deadlock, unless somebody in it has cancelled and only keeps a place. */
    private void refuse(Pending pending, LockOutcome.Deadlock deadlock) {
        if (places.giveUp(deadlock.cycle())) {
            askNow(pending);
            return;
        }
        try (Turn turn = desk.turn(locker)) {
            State state = locker.state();
            if (state.deferred.contains(pending)) {
                end(turn, state, pending, outcomeOf(deadlock));
            }
        }
    }

    private void open(State state, LockRequest request) {
        state.claims.open(request.owner(), request.file(), NO_NAME, timers);
    }

    private static void end(Turn turn, State state, Pending pending, LocalOutcome outcome) {
        state.deferred.remove(pending);
        if (pending.ticket != null) {
            state.waiting.remove(pending.ticket);
        }
        turn.afterwards(() -> pending.future.complete(outcome));
    }

    private static LockRequest request(
            LocalOwner owner, FileId file, LockRange range, LockMode mode) {
        Objects.requireNonNull(owner, "owner");
        return new LockRequest(file, owner.toLockOwner(), range, mode);
    }

    private static LocalOutcome outcomeOf(LockOutcome outcome) {
        return switch (outcome.status()) {
            case GRANTED -> LocalOutcome.GRANTED;
            case DENIED -> LocalOutcome.DENIED;
            case DEADLOCK -> LocalOutcome.DEADLOCK;
            case LIMIT_REACHED -> LocalOutcome.NO_LOCKS;
            case WAITING -> throw new AssertionError("still waiting: " + outcome);
        };
    }

    /** What the local owners have; touched in turns only. */
    private static final class State {
        final Claims claims;
        final ConcurrentMap<Ticket, Pending> waiting;

        /** Requests that wait for the end of the grace period, or are about to be asked again. */
        final Set<Pending> deferred = new HashSet<>();

        State(Claims claims, ConcurrentMap<Ticket, Pending> waiting) {
            this.claims = claims;
            this.waiting = waiting;
        }
    }

    /** This host among the lockers. */
    private final class ThisHost extends Locker<State> {
        ThisHost(State state) {
            super(state);
        }

        /** A local process that outlives the daemon has no way to reclaim. */
        @Override
        Optional<Opaque> journalName() {
            return Optional.empty();
        }

        @Override
        void ended(Turn turn, State state, Effect effect) {
            Pending pending = state.waiting.remove(effect.ticket());
            if (pending == null) {
                return; // Cancelled in a turn of its own.
            }
            boolean granted = effect.kind() == Effect.Kind.GRANTED;
            if (granted) {
                open(state, pending.request);
            } else {
                state.claims
                        .find(pending.request.owner(), pending.request.file())
                        .ifPresent(each -> state.claims.doubt(each, desk.table()));
            }
            end(turn, state, pending, granted ? LocalOutcome.GRANTED : LocalOutcome.CANCELLED);
        }
    }

    /** A request that has not ended, or has. */
    private final class Pending implements LocalRequest {
        final LockRequest request;
        final Instant since;
        final CompletableFuture<LocalOutcome> future = new CompletableFuture<>();

        /** Set in a turn, when the request waits in the table. */
        @Nullable Ticket ticket;

        Pending(LockRequest request, Instant since) {
            this.request = request;
            this.since = since;
        }

        @Override
        public CompletionStage<LocalOutcome> outcome() {
            return future.minimalCompletionStage();
        }

        @Override
        public boolean cancel() {
            try (Turn turn = desk.turn(locker)) {
                State state = locker.state();
                boolean deferred = state.deferred.contains(this);
                boolean cancelled =
                        deferred
                                || (ticket != null
                                        && state.waiting.containsKey(ticket)
                                        && turn.cancel(ticket) == CancelResult.Status.CANCELLED);
                if (cancelled) {
                    end(turn, state, this, LocalOutcome.CANCELLED);
                    state.claims
                            .find(request.owner(), request.file())
                            .ifPresent(each -> state.claims.doubt(each, desk.table()));
                }
                return cancelled;
            }
        }
    }
}
