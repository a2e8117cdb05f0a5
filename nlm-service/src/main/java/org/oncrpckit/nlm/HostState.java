package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.lock.Ticket;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

/** What is known of a client host. To be touched in its turns only; see {@link ClientHost}. */
final class HostState {
    /** The host in its present life; what it holds is under this name in the table. */
    SystemId system;

    /** The status monitor number of this life; 0 while not known. */
    int nsmState;

    /** Who said so. Another name behind the same address may have another number. */
    HostName nsmStateSaidBy = new HostName(Opaque.EMPTY);

    /** When this life began, as far as we know; monotonic nanoseconds. */
    long lifeBeganNanos;

    HostName callerName = new HostName(Opaque.EMPTY);

    /** When it last asked for something; monotonic nanoseconds. */
    long lastHeardNanos;

    /** Our addresses that it is on stable storage with. */
    final Set<InetAddress> monitoredAt = new HashSet<>();

    /** How it has come here, for listings. */
    final Set<Route> routes = new LinkedHashSet<>();

    /** Completes when it has been forgotten; null while that is not going on. */
    @Nullable CompletableFuture<Boolean> retirement;

    /** What it has asked for while it could not be answered. */
    final RequestLine.Places line = new RequestLine.Places();

    final Claims claims;

    /** What waits in the table. Others read it. */
    final ConcurrentMap<Ticket, RemoteWaiter> waiting;

    /** What is granted and not acknowledged, by cookie. */
    final Map<Opaque, RemoteWaiter> unacknowledged = new HashMap<>();

    /** What was cancelled and keeps its place: see {@link KeptPlaces}. */
    final Set<RemoteWaiter> kept = new HashSet<>();

    final Queue<RemoteWaiter> callsQueued = new ArrayDeque<>();
    int callsInProgress;

    final LockBudget budget;

    HostState(
            SystemId system,
            Claims claims,
            ConcurrentMap<Ticket, RemoteWaiter> waiting,
            LockBudget budget,
            long nowNanos) {
        this.system = system;
        this.claims = claims;
        this.waiting = waiting;
        this.budget = budget;
        this.lastHeardNanos = nowNanos;
        this.lifeBeganNanos = nowNanos;
    }

    void cameBy(Route route) {
        if (routes.size() < ListedHost.ROUTES_MAX) {
            routes.add(route);
        }
    }

    boolean hasNothing() {
        return claims.isEmpty() && waiting.isEmpty() && unacknowledged.isEmpty();
    }

    int waiters() {
        return waiting.size() + unacknowledged.size();
    }

    int unconfirmed() {
        int count = 0;
        for (Claim each : claims.all()) {
            count += each.unconfirmedCount();
        }
        return count;
    }

    /** Takes a waiter off every list. The lock table is not concerned. */
    void finish(RemoteWaiter waiter) {
        waiter.phase = RemoteWaiter.Phase.OVER;
        waiter.stopTimer();
        kept.remove(waiter);
        waiting.remove(waiter.ticket());
        if (waiter.cookie.length() > 0) {
            unacknowledged.remove(waiter.cookie);
        }
        waiter.claim().remove(waiter);
    }

    /** Forgets everything of the life that has ended; the table has released it already. */
    void beginLife(SystemId next, long nowNanos) {
        waiting.values().forEach(HostState::drop);
        unacknowledged.values().forEach(HostState::drop);
        waiting.clear();
        unacknowledged.clear();
        kept.clear();
        claims.clear();
        budget.reset();
        system = next;
        nsmState = 0;
        lifeBeganNanos = nowNanos;
    }

    private static void drop(RemoteWaiter waiter) {
        waiter.phase = RemoteWaiter.Phase.OVER;
        waiter.stopTimer();
    }
}
