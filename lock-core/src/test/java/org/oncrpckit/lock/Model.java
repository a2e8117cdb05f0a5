package org.oncrpckit.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a lock table should do, in the plainest way: an array of cells for each owner on each file,
 * one list of waiting requests, and reachability by trying everything. It also checks,
 * independently of how it decides, that nobody was overtaken who must not be.
 */
final class Model {
    private static final class Waiter {
        final WaitingLock lock;
        int overtakings;

        Waiter(WaitingLock lock) {
            this.lock = lock;
        }
    }

    private record Place(FileId file, LockOwner owner) {}

    private record ShareKey(FileId file, LockOwner owner, ShareMode mode) {}

    private static final Comparator<ShareKey> BY_FILE =
            Comparator.comparing(ShareKey::file)
                    .thenComparing(ShareKey::owner)
                    .thenComparing(ShareKey::mode);

    private final int overtakingsMax;
    private final long heldMax;
    private final long waitingMax;
    private final Map<Place, LockMode[]> cells = new HashMap<>();
    private List<Waiter> waiting = new ArrayList<>();
    private final TreeMap<ShareKey, Long> shares = new TreeMap<>(BY_FILE);
    private long lastTicket;

    /** The list of held locks, until the next change. */
    private List<HeldLock> held;

    Model(int overtakingsMax, long heldMax, long waitingMax) {
        this.overtakingsMax = overtakingsMax;
        this.heldMax = heldMax;
        this.waitingMax = waitingMax;
    }

    List<HeldLock> held() {
        if (held == null) {
            held = List.copyOf(collectHeld());
        }
        return held;
    }

    private List<HeldLock> collectHeld() {
        List<HeldLock> all = new ArrayList<>();
        cells.forEach((place, modes) -> addRuns(place, modes, all));
        all.sort(
                Comparator.comparing(HeldLock::file)
                        .thenComparing(
                                (a, b) ->
                                        Long.compareUnsigned(a.range().first(), b.range().first()))
                        .thenComparing(HeldLock::owner));
        return all;
    }

    private static void addRuns(Place place, LockMode[] modes, List<HeldLock> into) {
        for (int from = 0; from < modes.length; from++) {
            int to = from;
            while (to + 1 < modes.length && modes[to + 1] == modes[from]) {
                to++;
            }
            if (modes[from] != null) {
                into.add(new HeldLock(place.file, place.owner, World.range(from, to), modes[from]));
            }
            from = to;
        }
    }

    List<WaitingLock> waiting() {
        return waiting.stream().map(w -> w.lock).toList();
    }

    List<WaitsFor> waitsFor() {
        List<WaitsFor> edges = new ArrayList<>();
        for (Waiter w : waiting) {
            holders(w.lock.request()).forEach(h -> edges.add(new WaitsFor(w.lock, h)));
            ahead(w).forEach(a -> edges.add(new WaitsFor(w.lock, a.lock)));
        }
        return edges;
    }

    List<HeldShare> shares() {
        List<HeldShare> all = new ArrayList<>();
        shares.forEach((s, count) -> all.add(new HeldShare(s.file, s.owner, s.mode, count)));
        return all;
    }

    LockResult lock(LockRequest r, LockPolicy policy) {
        List<Waiter> inTheWay =
                waiting.stream().filter(w -> conflict(r, w.lock.request())).toList();
        LockResult result = policy == LockPolicy.TRY ? tryLock(r, inTheWay) : waitLock(r, inTheWay);
        return result;
    }

    private LockResult tryLock(LockRequest r, List<Waiter> inTheWay) {
        List<HeldLock> holders = holders(r);
        if (!holders.isEmpty()) {
            return only(new LockOutcome.Denied(holders.get(0)));
        }
        Set<LockOwner> waitForUs = reaching(r.owner(), edges(false));
        Set<LockOwner> weWaitFor = reachable(Set.of(r.owner()), edges(false));
        List<Waiter> passed =
                inTheWay.stream().filter(w -> !waitForUs.contains(w.lock.owner())).toList();
        for (Waiter w : passed) {
            if (weWaitFor.contains(w.lock.owner()) || w.overtakings >= overtakingsMax) {
                return only(new LockOutcome.Denied(w.lock));
            }
        }
        if (!hasRoom()) {
            return only(new LockOutcome.LimitReached(Limit.HELD, heldMax));
        }
        passed.forEach(w -> w.overtakings++);
        return grantNow(r);
    }

    private LockResult waitLock(LockRequest r, List<Waiter> inTheWay) {
        List<HeldLock> holders = holders(r);
        Set<LockOwner> waitForUs = reaching(r.owner(), edges(false));
        if (holders.isEmpty()
                && inTheWay.stream().allMatch(w -> waitForUs.contains(w.lock.owner()))) {
            return hasRoom()
                    ? grantNow(r)
                    : only(new LockOutcome.LimitReached(Limit.HELD, heldMax));
        }
        List<LockOwner> cycle = hardCycle(r);
        if (!cycle.isEmpty()) {
            return only(new LockOutcome.Deadlock(cycle));
        }
        if (waiting.size() >= waitingMax) {
            return only(new LockOutcome.LimitReached(Limit.WAITING, waitingMax));
        }
        Set<LockOwner> blockers = new HashSet<>();
        holders.forEach(h -> blockers.add(h.owner()));
        Set<LockOwner> hard = new HashSet<>(blockers);
        hard.addAll(reachable(blockers, edges(true)));
        inTheWay.forEach(w -> blockers.add(w.lock.owner()));
        Set<LockOwner> moving = new HashSet<>();
        if (blockers.stream().anyMatch(waitForUs::contains)) {
            moving.addAll(waitForUs);
            moving.add(r.owner());
            moving.removeAll(hard);
        }
        List<Waiter> before = waiting;
        Waiter own = new Waiter(new WaitingLock(new Ticket(++lastTicket), r));
        waiting = new ArrayList<>();
        before.stream().filter(w -> !moving.contains(w.lock.owner())).forEach(waiting::add);
        waiting.add(own);
        before.stream().filter(w -> moving.contains(w.lock.owner())).forEach(waiting::add);
        checkOvertakings(before);
        return new LockResult(new LockOutcome.Waiting(own.lock.ticket()), grants());
    }

    /**
     * Whoever stands behind a conflicting request that it was ahead of must wait for that one's
     * owner.
     */
    private void checkOvertakings(List<Waiter> before) {
        Map<LockOwner, Set<LockOwner>> edges = edges(false);
        for (Waiter overtaken : before) {
            Set<LockOwner> waitsFor = reachable(Set.of(overtaken.lock.owner()), edges);
            for (Waiter a : ahead(overtaken)) {
                int was = before.indexOf(a);
                if ((was < 0 || was > before.indexOf(overtaken))
                        && !waitsFor.contains(a.lock.owner())) {
                    throw new AssertionError(a.lock + " overtook " + overtaken.lock);
                }
            }
        }
    }

    Optional<HeldLock> test(LockRequest r) {
        return holders(r).stream().findFirst();
    }

    List<Effect> unlock(LockOwner owner, FileId file, LockRange range) {
        set(file, owner, range, null);
        return grants();
    }

    CancelResult cancel(Ticket ticket) {
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

    List<Effect> release(Scope scope, Effect.EndReason reason) {
        List<Effect> effects = new ArrayList<>();
        for (Waiter w : List.copyOf(waiting)) {
            if (scope.covers(w.lock.file(), w.lock.owner())) {
                effects.add(new Effect.Ended(w.lock.ticket(), w.lock.request(), reason));
                waiting.remove(w);
            }
        }
        held = null;
        cells.keySet().removeIf(p -> scope.covers(p.file, p.owner));
        shares.keySet().removeIf(s -> scope.covers(s.file, s.owner));
        effects.addAll(grants());
        return effects;
    }

    ShareOutcome share(LockOwner owner, FileId file, ShareMode mode) {
        for (HeldShare s : shares()) {
            if (s.file().equals(file) && !s.owner().equals(owner) && s.mode().conflictsWith(mode)) {
                return new ShareOutcome.Denied(s);
            }
        }
        ShareKey key = new ShareKey(file, owner, mode);
        if (!shares.containsKey(key) && !hasRoom()) {
            return new ShareOutcome.LimitReached(heldMax);
        }
        shares.merge(key, 1L, Long::sum);
        return new ShareOutcome.Granted();
    }

    boolean unshare(LockOwner owner, FileId file, ShareMode mode) {
        ShareKey key = new ShareKey(file, owner, mode);
        boolean had = shares.containsKey(key);
        shares.computeIfPresent(key, (k, count) -> count > 1 ? Long.valueOf(count - 1) : null);
        return had;
    }

    private boolean hasRoom() {
        return held().size() + shares.size() < heldMax;
    }

    private static LockResult only(LockOutcome outcome) {
        return new LockResult(outcome, List.of());
    }

    private static boolean conflict(LockRequest a, LockRequest b) {
        return a.file().equals(b.file())
                && !a.owner().equals(b.owner())
                && (a.mode() == LockMode.EXCLUSIVE || b.mode() == LockMode.EXCLUSIVE)
                && a.range().intersects(b.range());
    }

    private List<HeldLock> holders(LockRequest r) {
        List<HeldLock> holders = new ArrayList<>();
        for (HeldLock h : held()) {
            if (h.file().equals(r.file())
                    && !h.owner().equals(r.owner())
                    && (h.mode() == LockMode.EXCLUSIVE || r.mode() == LockMode.EXCLUSIVE)
                    && h.range().intersects(r.range())) {
                holders.add(h);
            }
        }
        return holders;
    }

    private List<Waiter> ahead(Waiter waiter) {
        return waiting.subList(0, waiting.indexOf(waiter)).stream()
                .filter(w -> conflict(waiter.lock.request(), w.lock.request()))
                .toList();
    }

    private LockResult grantNow(LockRequest r) {
        set(r.file(), r.owner(), r.range(), r.mode());
        return new LockResult(new LockOutcome.Granted(), grants());
    }

    private List<Effect> grants() {
        List<Effect> effects = new ArrayList<>();
        for (int i = 0; i < waiting.size(); i++) {
            Waiter w = waiting.get(i);
            LockRequest r = w.lock.request();
            if (ahead(w).isEmpty() && holders(r).isEmpty()) {
                waiting.remove(w);
                set(r.file(), r.owner(), r.range(), r.mode());
                effects.add(new Effect.Granted(w.lock.ticket(), r));
                i = -1;
            }
        }
        return effects;
    }

    private void set(FileId file, LockOwner owner, LockRange range, LockMode mode) {
        held = null;
        LockMode[] modes =
                cells.computeIfAbsent(new Place(file, owner), p -> new LockMode[World.CELL_COUNT]);
        for (int cell = 0; cell < modes.length; cell++) {
            if (World.covers(range, cell)) {
                modes[cell] = mode;
            }
        }
    }

    /** Who waits for whom: each waiting owner with those it waits for. */
    private Map<LockOwner, Set<LockOwner>> edges(boolean hardOnly) {
        Map<LockOwner, Set<LockOwner>> edges = new HashMap<>();
        for (Waiter w : waiting) {
            Set<LockOwner> to = edges.computeIfAbsent(w.lock.owner(), o -> new HashSet<>());
            holders(w.lock.request()).forEach(h -> to.add(h.owner()));
            if (!hardOnly) {
                ahead(w).forEach(a -> to.add(a.lock.owner()));
            }
        }
        return edges;
    }

    private static Set<LockOwner> reachable(
            Set<LockOwner> from, Map<LockOwner, Set<LockOwner>> edges) {
        Set<LockOwner> reached = new HashSet<>();
        ArrayDeque<LockOwner> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            for (LockOwner to : edges.getOrDefault(open.remove(), Set.of())) {
                if (reached.add(to)) {
                    open.add(to);
                }
            }
        }
        return reached;
    }

    private static Set<LockOwner> reaching(LockOwner target, Map<LockOwner, Set<LockOwner>> edges) {
        Set<LockOwner> found = new HashSet<>(edges.keySet());
        found.removeIf(o -> !reachable(Set.of(o), edges).contains(target));
        return found;
    }

    /** The shortest cycle of hard waits that a request would close, or nothing. */
    private List<LockOwner> hardCycle(LockRequest r) {
        ArrayDeque<List<LockOwner>> paths = new ArrayDeque<>();
        Set<LockOwner> seen = new HashSet<>();
        for (HeldLock h : holders(r)) {
            if (seen.add(h.owner())) {
                paths.add(List.of(r.owner(), h.owner()));
            }
        }
        while (!paths.isEmpty()) {
            List<LockOwner> path = paths.remove();
            for (Waiter w : waiting) {
                if (!w.lock.owner().equals(path.get(path.size() - 1))) {
                    continue;
                }
                for (HeldLock h : holders(w.lock.request())) {
                    if (h.owner().equals(r.owner())) {
                        return path;
                    }
                    if (seen.add(h.owner())) {
                        List<LockOwner> longer = new ArrayList<>(path);
                        longer.add(h.owner());
                        paths.add(longer);
                    }
                }
            }
        }
        return List.of();
    }
}
