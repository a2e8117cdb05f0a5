package org.oncrpckit.lock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of the lock core on plain lists, under one lock. */
final class ListEngine {
    private static final Comparator<HeldLock> BY_START =
            Comparator.comparing(HeldLock::file)
                    .thenComparing(
                            (a, b) -> Long.compareUnsigned(a.range().first(), b.range().first()))
                    .thenComparing(HeldLock::owner);

    private static final class Waiter {
        final WaitingLock lock;
        int overtakings;

        Waiter(WaitingLock lock) {
            this.lock = lock;
        }
    }

    private record ShareKey(FileId file, LockOwner owner, ShareMode mode)
            implements Comparable<ShareKey> {
        @Override
        public int compareTo(ShareKey other) {
            int order = file.compareTo(other.file);
            if (order == 0) {
                order = owner.compareTo(other.owner);
            }
            return order != 0 ? order : mode.compareTo(other.mode);
        }
    }

    private final int overtakingsMax;
    private final long heldMax;
    private final long waitingMax;

    @GuardedBy("this")
    private List<HeldLock> held = new ArrayList<>();

    @GuardedBy("this")
    private List<Waiter> waiting = new ArrayList<>();

    @GuardedBy("this")
    private final TreeMap<ShareKey, Long> shares = new TreeMap<>();

    @GuardedBy("this")
    private long lastTicket;

    ListEngine(int overtakingsMax, long heldMax, long waitingMax) {
        this.overtakingsMax = overtakingsMax;
        this.heldMax = heldMax;
        this.waitingMax = waitingMax;
    }

    synchronized LockResult lock(LockRequest r, LockPolicy policy) {
        List<HeldLock> holders = holders(r);
        List<Waiter> queued = waiting.stream().filter(w -> conflict(r, w.lock.request())).toList();
        LockOutcome full = new LockOutcome.LimitReached(Limit.HELD, heldMax);
        boolean roomToHold = held.size() + shares.size() < heldMax;
        if (policy == LockPolicy.TRY) {
            if (!holders.isEmpty()) {
                return only(new LockOutcome.Denied(holders.get(0)));
            }
            Set<LockOwner> waitForUs = closure(Set.of(r.owner()), false, false);
            Set<LockOwner> weWaitFor = closure(Set.of(r.owner()), true, false);
            for (Waiter w : queued) {
                boolean overtaken = !waitForUs.contains(w.lock.owner());
                if (overtaken
                        && (weWaitFor.contains(w.lock.owner())
                                || w.overtakings >= overtakingsMax)) {
                    return only(new LockOutcome.Denied(w.lock));
                }
            }
            if (!roomToHold) {
                return only(full);
            }
            queued.stream()
                    .filter(w -> !waitForUs.contains(w.lock.owner()))
                    .forEach(w -> w.overtakings++);
            return grantNow(r);
        }
        Set<LockOwner> waitForUs = closure(Set.of(r.owner()), false, false);
        boolean mayPassAll = queued.stream().allMatch(w -> waitForUs.contains(w.lock.owner()));
        if (holders.isEmpty() && mayPassAll) {
            return roomToHold ? grantNow(r) : only(full);
        }
        return queue(r, holders, queued, waitForUs);
    }

    @GuardedBy("this")
    private LockResult queue(
            LockRequest r, List<HeldLock> holders, List<Waiter> queued, Set<LockOwner> waitForUs) {
        boolean orderMatters =
                Stream.concat(
                                holders.stream().map(HeldLock::owner),
                                queued.stream().map(w -> w.lock.owner()))
                        .anyMatch(waitForUs::contains);
        Set<LockOwner> moving = new HashSet<>();
        if (orderMatters) {
            List<LockOwner> cycle = hardCycle(r);
            if (!cycle.isEmpty()) {
                return only(new LockOutcome.Deadlock(cycle));
            }
            Set<LockOwner> blockers = new HashSet<>();
            holders.forEach(h -> blockers.add(h.owner()));
            moving.addAll(waitForUs);
            moving.add(r.owner());
            moving.removeAll(blockers);
            moving.removeAll(closure(blockers, true, true));
        }
        if (waiting.size() >= waitingMax) {
            return only(new LockOutcome.LimitReached(Limit.WAITING, waitingMax));
        }
        Ticket ticket = new Ticket(++lastTicket);
        List<Waiter> order = new ArrayList<>();
        waiting.stream().filter(w -> !moving.contains(w.lock.owner())).forEach(order::add);
        order.add(new Waiter(new WaitingLock(ticket, r)));
        waiting.stream().filter(w -> moving.contains(w.lock.owner())).forEach(order::add);
        waiting = order;
        return new LockResult(new LockOutcome.Waiting(ticket), grants());
    }

    synchronized Optional<HeldLock> test(LockRequest r) {
        return holders(r).stream().findFirst();
    }

    synchronized List<Effect> unlock(LockOwner owner, FileId file, LockRange range) {
        cut(file, owner, range);
        return grants();
    }

    synchronized CancelResult cancel(Ticket ticket) {
        for (Waiter w : waiting) {
            if (w.lock.ticket().equals(ticket)) {
                waiting.remove(w);
                List<Effect> effects = new ArrayList<>();
                effects.add(new Effect.Ended(ticket, w.lock.request(), Effect.EndReason.CANCELLED));
                effects.addAll(grants());
                return new CancelResult(CancelResult.Status.CANCELLED, effects);
            }
        }
        return new CancelResult(CancelResult.Status.NOT_WAITING, List.of());
    }

    synchronized List<Effect> release(Scope scope, Effect.EndReason reason) {
        List<Effect> effects = new ArrayList<>();
        List<Waiter> staying = new ArrayList<>();
        for (Waiter w : waiting) {
            if (scope.covers(w.lock.file(), w.lock.owner())) {
                effects.add(new Effect.Ended(w.lock.ticket(), w.lock.request(), reason));
            } else {
                staying.add(w);
            }
        }
        waiting = staying;
        held.removeIf(h -> scope.covers(h.file(), h.owner()));
        shares.keySet().removeIf(s -> scope.covers(s.file(), s.owner()));
        effects.addAll(grants());
        return effects;
    }

    synchronized ShareOutcome share(LockOwner owner, FileId file, ShareMode mode) {
        for (Map.Entry<ShareKey, Long> e : shares.entrySet()) {
            ShareKey s = e.getKey();
            if (s.file().equals(file) && !s.owner().equals(owner) && s.mode().conflictsWith(mode)) {
                return new ShareOutcome.Denied(
                        new HeldShare(file, s.owner(), s.mode(), e.getValue()));
            }
        }
        ShareKey key = new ShareKey(file, owner, mode);
        if (!shares.containsKey(key) && held.size() + shares.size() >= heldMax) {
            return new ShareOutcome.LimitReached(heldMax);
        }
        shares.merge(key, 1L, Long::sum);
        return new ShareOutcome.Granted();
    }

    synchronized boolean unshare(LockOwner owner, FileId file, ShareMode mode) {
        ShareKey key = new ShareKey(file, owner, mode);
        boolean had = shares.containsKey(key);
        shares.computeIfPresent(key, (k, count) -> count > 1 ? Long.valueOf(count - 1) : null);
        return had;
    }

    synchronized Stream<HeldLock> held(Scope scope) {
        List<HeldLock> sorted = new ArrayList<>(held);
        sorted.removeIf(h -> !scope.covers(h.file(), h.owner()));
        sorted.sort(BY_START);
        return sorted.stream();
    }

    synchronized Stream<WaitingLock> waiting(Scope scope) {
        return List.copyOf(waiting).stream()
                .map(w -> w.lock)
                .filter(w -> scope.covers(w.file(), w.owner()));
    }

    synchronized Stream<WaitsFor> waitsFor(Scope scope) {
        List<WaitsFor> edges = new ArrayList<>();
        for (Waiter w : waiting) {
            if (scope.covers(w.lock.file(), w.lock.owner())) {
                holders(w.lock.request()).forEach(h -> edges.add(new WaitsFor(w.lock, h)));
                ahead(w).forEach(a -> edges.add(new WaitsFor(w.lock, a.lock)));
            }
        }
        return edges.stream();
    }

    synchronized Stream<HeldShare> shares(Scope scope) {
        List<HeldShare> all = new ArrayList<>();
        shares.forEach(
                (s, count) -> {
                    if (scope.covers(s.file(), s.owner())) {
                        all.add(new HeldShare(s.file(), s.owner(), s.mode(), count));
                    }
                });
        return all.stream();
    }

    synchronized LockCounts counts(Scope scope) {
        return new LockCounts(
                held(scope).count(),
                waiting(scope).count(),
                shares(scope).mapToLong(HeldShare::count).sum());
    }

    private static LockResult only(LockOutcome outcome) {
        return new LockResult(outcome, List.of());
    }

    private static boolean conflict(LockRequest a, LockRequest b) {
        return a.file().equals(b.file())
                && !a.owner().equals(b.owner())
                && a.mode().conflictsWith(b.mode())
                && a.range().intersects(b.range());
    }

    @GuardedBy("this")
    private List<HeldLock> holders(LockRequest r) {
        return held.stream()
                .filter(h -> conflict(r, new LockRequest(h.file(), h.owner(), h.range(), h.mode())))
                .sorted(BY_START)
                .toList();
    }

    @GuardedBy("this")
    private List<Waiter> ahead(Waiter waiter) {
        return waiting.subList(0, waiting.indexOf(waiter)).stream()
                .filter(w -> conflict(waiter.lock.request(), w.lock.request()))
                .toList();
    }

    @GuardedBy("this")
    private LockResult grantNow(LockRequest r) {
        hold(r);
        return new LockResult(new LockOutcome.Granted(), grants());
    }

    @GuardedBy("this")
    private List<Effect> grants() {
        List<Effect> effects = new ArrayList<>();
        for (Waiter w = nextGrant(); w != null; w = nextGrant()) {
            waiting.remove(w);
            hold(w.lock.request());
            effects.add(new Effect.Granted(w.lock.ticket(), w.lock.request()));
        }
        return effects;
    }

    @GuardedBy("this")
    private @Nullable Waiter nextGrant() {
        for (Waiter w : waiting) {
            if (holders(w.lock.request()).isEmpty() && ahead(w).isEmpty()) {
                return w;
            }
        }
        return null;
    }

    @GuardedBy("this")
    private void hold(LockRequest r) {
        cut(r.file(), r.owner(), r.range());
        long first = r.range().first();
        long last = r.range().last();
        List<HeldLock> rest = new ArrayList<>();
        for (HeldLock h : held) {
            boolean same =
                    h.file().equals(r.file())
                            && h.owner().equals(r.owner())
                            && h.mode() == r.mode();
            if (same && h.range().last() + 1 == first && first != 0) {
                first = h.range().first();
            } else if (same && last + 1 == h.range().first() && last != LockRange.END) {
                last = h.range().last();
            } else {
                rest.add(h);
            }
        }
        rest.add(new HeldLock(r.file(), r.owner(), new LockRange(first, last), r.mode()));
        held = rest;
    }

    @GuardedBy("this")
    private void cut(FileId file, LockOwner owner, LockRange range) {
        List<HeldLock> rest = new ArrayList<>();
        for (HeldLock h : held) {
            if (!h.file().equals(file)
                    || !h.owner().equals(owner)
                    || !h.range().intersects(range)) {
                rest.add(h);
                continue;
            }
            if (Long.compareUnsigned(h.range().first(), range.first()) < 0) {
                rest.add(
                        new HeldLock(
                                file,
                                owner,
                                new LockRange(h.range().first(), range.first() - 1),
                                h.mode()));
            }
            if (Long.compareUnsigned(h.range().last(), range.last()) > 0) {
                rest.add(
                        new HeldLock(
                                file,
                                owner,
                                new LockRange(range.last() + 1, h.range().last()),
                                h.mode()));
            }
        }
        held = rest;
    }

    /** Who waits for whom: each waiting owner with those it waits for. */
    @GuardedBy("this")
    private Map<LockOwner, Set<LockOwner>> edges(boolean hardOnly) {
        Map<LockOwner, Set<LockOwner>> edges = new LinkedHashMap<>();
        for (Waiter w : waiting) {
            Set<LockOwner> to = edges.computeIfAbsent(w.lock.owner(), o -> new HashSet<>());
            holders(w.lock.request()).forEach(h -> to.add(h.owner()));
            if (!hardOnly) {
                ahead(w).forEach(a -> to.add(a.lock.owner()));
            }
        }
        return edges;
    }

    /**
     * The owners that can be reached from these in one step or more, along the waits or against
     * them.
     */
    @GuardedBy("this")
    private Set<LockOwner> closure(Set<LockOwner> from, boolean forward, boolean hardOnly) {
        Map<LockOwner, Set<LockOwner>> edges = edges(hardOnly);
        Set<LockOwner> reached = new HashSet<>();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<LockOwner, Set<LockOwner>> e : edges.entrySet()) {
                for (LockOwner to : e.getValue()) {
                    LockOwner source = forward ? e.getKey() : to;
                    LockOwner target = forward ? to : e.getKey();
                    if (from.contains(source) || reached.contains(source)) {
                        grown |= reached.add(target);
                    }
                }
            }
        }
        return reached;
    }

    /** The shortest cycle of hard waits that a request would close, or nothing. */
    @GuardedBy("this")
    private List<LockOwner> hardCycle(LockRequest r) {
        Map<LockOwner, LockOwner> cameFrom = new LinkedHashMap<>();
        ArrayDeque<LockOwner> open = new ArrayDeque<>();
        holders(r)
                .forEach(
                        h -> {
                            if (cameFrom.putIfAbsent(h.owner(), r.owner()) == null) {
                                open.add(h.owner());
                            }
                        });
        while (!open.isEmpty()) {
            LockOwner at = open.remove();
            for (Waiter w : waiting) {
                if (!w.lock.owner().equals(at)) {
                    continue;
                }
                for (HeldLock h : holders(w.lock.request())) {
                    if (h.owner().equals(r.owner())) {
                        ArrayDeque<LockOwner> cycle = new ArrayDeque<>();
                        for (LockOwner o = at;
                                o != null && !o.equals(r.owner());
                                o = cameFrom.get(o)) {
                            cycle.addFirst(o);
                        }
                        cycle.addFirst(r.owner());
                        return List.copyOf(cycle);
                    }
                    if (cameFrom.putIfAbsent(h.owner(), at) == null) {
                        open.add(h.owner());
                    }
                }
            }
        }
        return List.of();
    }
}
