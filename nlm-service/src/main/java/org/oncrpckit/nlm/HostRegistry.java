package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockCounts;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.RebootListener;
import org.oncrpckit.nsm.RebootNotice;
import org.oncrpckit.rpc.transport.Timers;

/**
 * The client hosts, by address: who is known, in which of its lives. Bounded; a host that has had
 * nothing for {@link #IDLE} is forgotten. Thread-safe.
 */
final class HostRegistry implements RebootListener {
    static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(60);
    private static final int SWEEP_CLAIMS_MAX = 10_000;

    private final LockDesk desk;
    private final Grants grants;
    private final NlmLimits limits;
    private final HostAliases aliases;
    private final Timers timers;
    private final Events events;
    private final ConcurrentMap<HostAddress, ClientHost> byAddress = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, ClientHost> byNumber = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile @Nullable HostMonitor monitor;
    private volatile Timers.@Nullable Timer timer;
    private volatile boolean closed;

    HostRegistry(
            LockDesk desk,
            Grants grants,
            NlmLimits limits,
            HostAliases aliases,
            Timers timers,
            Events events) {
        this.desk = desk;
        this.grants = grants;
        this.limits = limits;
        this.aliases = aliases;
        this.timers = timers;
        this.events = events;
    }

    /** Begins to look after the hosts. */
    void start(HostMonitor hostMonitor, LocalLocks local) {
        monitor = hostMonitor;
        scheduleSweep(local);
    }

    void close() {
        closed = true;
        Timers.Timer last = timer;
        if (last != null) {
            last.cancel();
        }
    }

    Collection<ClientHost> all() {
        return Collections.unmodifiableCollection(byAddress.values());
    }

    int size() {
        return byAddress.size();
    }

    /** The host that this is an address of, if it is known. */
    Optional<ClientHost> find(HostAddress address) {
        return Optional.ofNullable(byAddress.get(aliases.identity(address)));
    }

    Optional<ClientHost> find(long number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** The addresses of a host, first the one under which it is known. */
    List<HostAddress> addresses(HostAddress address) {
        return aliases.all(address);
    }

    /** The host with this address, made if need be; empty when there are too many. */
    Optional<ClientHost> findOrAdd(HostAddress anyAddress) {
        HostAddress address = aliases.identity(anyAddress);
        ClientHost known = byAddress.get(address);
        if (known != null) {
            return Optional.of(known);
        }
        if (byAddress.size() >= limits.hostsMax()) {
            events.limitReached(address.address(), "hostsMax", limits.hostsMax());
            return Optional.empty();
        }
        ClientHost created =
                ClientHost.of(numbers.incrementAndGet(), address, grants, limits, timers);
        byNumber.put(created.number(), created);
        desk.admit(created.number(), created);
        ClientHost earlier = byAddress.putIfAbsent(address, created);
        if (earlier != null) {
            forget(created);
            return Optional.of(earlier);
        }
        events.hostAppeared(address.address());
        return Optional.of(created);
    }

    /** A host says that it has restarted: what it had before is gone. */
    @Override
    public void hostRebooted(RebootNotice notice) {
        Optional<ClientHost> known = find(HostAddress.of(notice.address()));
        if (known.isEmpty()) {
            return;
        }
        ClientHost host = known.get();
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            if (HostLives.begins(state, notice.newState(), timers)) {
                beginLife(turn, host, state, notice.newState());
                state.nsmStateSaidBy = notice.name();
            }
        }
    }

    /** Releases all that a host has; to it, that is as if it had restarted. */
    boolean release(InetAddress address) {
        Optional<ClientHost> known = find(HostAddress.of(address));
        if (known.isEmpty()) {
            return false;
        }
        ClientHost host = known.get();
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            beginLife(turn, host, state, state.nsmState);
        }
        return true;
    }

    /** Drops the host's old life whole and begins another. */
    void beginLife(Turn turn, ClientHost host, HostState state, int nsmState) {
        SystemId old = state.system;
        LockCounts released = desk.table().counts(Scope.of(old));
        turn.releaseSystem(old);
        state.beginLife(new SystemId(old.host(), old.epoch() + 1), timers.nanoTime());
        state.nsmState = nsmState;
        turn.afterwards(() -> events.hostRestarted(host.address().address(), nsmState, released));
    }

    private void scheduleSweep(LocalLocks local) {
        if (!closed) {
            timer =
                    timers.schedule(
                            SWEEP_INTERVAL,
                            () -> {
                                all().forEach(this::sweep);
                                local.sweep(SWEEP_CLAIMS_MAX);
                                scheduleSweep(local);
                            });
        }
    }

    private void sweep(ClientHost host) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            state.claims.sweep(desk.table(), SWEEP_CLAIMS_MAX);
            boolean idle = timers.nanoTime() - state.lastHeardNanos >= IDLE.toNanos();
            if (idle && state.hasNothing() && state.retirement == null) {
                CompletableFuture<Boolean> retirement = new CompletableFuture<>();
                state.retirement = retirement;
                turn.afterwards(() -> retire(host, retirement));
            }
        }
    }

    /** Forgets the host on stable storage first, so that a new life of it is remembered after. */
    private void retire(ClientHost host, CompletableFuture<Boolean> retirement) {
        HostMonitor current = monitor;
        if (current == null) {
            return;
        }
        CompletableFuture<?>[] each =
                aliases.all(host.address()).stream()
                        .map(address -> current.unmonitor(address.address()).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new);
        var unused =
                CompletableFuture.allOf(each)
                        .whenComplete(
                                (done, failure) -> {
                                    byAddress.remove(host.address(), host);
                                    forget(host);
                                    events.hostForgotten(host.address().address());
                                    retirement.complete(true);
                                });
    }

    private void forget(ClientHost host) {
        byNumber.remove(host.number());
        desk.dismiss(host.number());
    }
}
