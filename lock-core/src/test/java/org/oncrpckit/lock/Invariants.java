package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks inside a table and checks that its structures are right and that what it promises holds
 * now.
 */
final class Invariants {
    private final LockEngine engine;

    private Invariants(LockTable table) {
        this.engine = table.engine();
    }

    /** Checks everything. Not for a table in use by other threads. */
    static void check(LockTable table, int overtakingsMax) {
        new Invariants(table).check(overtakingsMax);
    }

    /** Checks that nothing at all is left. */
    static void checkEmpty(LockTable table) {
        LockEngine engine = table.engine();
        assertThat(engine.heldTotal()).isZero();
        WaitingRequests waiting = engine.slow.waiting;
        assertThat(List.of(waiting.size(), waiting.ownerCount(), waiting.systemCount()))
                .containsOnly(0);
        for (Shard s : engine.shards) {
            s.enter();
            assertThat(
                            List.of(
                                    s.fileCount(),
                                    s.ownerCount(),
                                    s.systemCount(),
                                    s.holdingsInTable(),
                                    s.queued.size()))
                    .containsOnly(0);
            assertThat(s.held() + s.sharesTaken).isZero();
            s.exit();
        }
    }

    private void check(int overtakingsMax) {
        long all = engine.allShards();
        engine.slow.enter(all);
        try {
            long held = 0;
            long shareModes = 0;
            for (Shard s : engine.shards) {
                long inShard = 0;
                int holdingsInTable = 0;
                Set<LockOwner> owners = new HashSet<>();
                List<FileEntry> files = new ArrayList<>();
                s.forEachFile(files::add);
                for (FileEntry f : files) {
                    assertThat(f.isEmpty()).isFalse();
                    assertThat(s.queued.contains(f)).isEqualTo(f.queue != null);
                    inShard += checkFile(f);
                    for (Holding h : f.holdings()) {
                        holdingsInTable += h.owner.inTable ? 1 : 0;
                        assertThat(s.holding(f, h.owner)).isSameAs(h);
                        owners.add(h.owner.owner);
                        shareModes += Integer.bitCount(h.shareModes);
                    }
                }
                assertThat(s.held()).isEqualTo(inShard);
                assertThat(s.holdingsInTable()).isEqualTo(holdingsInTable);
                assertThat(s.ownerCount()).isEqualTo(owners.size());
                held += inShard;
            }
            assertThat(engine.heldTotal()).isEqualTo(held + shareModes);
            for (Waiter w : engine.slow.waiting.in(Scope.everything(), null)) {
                checkWaiter(w, overtakingsMax);
            }
            checkAcyclic();
        } finally {
            engine.slow.exit(all);
        }
    }

    private static long checkFile(FileEntry f) {
        f.check();
        if (f.queue != null) {
            f.queue.check();
            assertThat(f.queue.isEmpty()).isFalse();
        }
        List<HeldLock> byFile = new ArrayList<>();
        f.forEachConflict(
                LockMode.EXCLUSIVE, 0, LockRange.END, null, hit -> byFile.add(hit.toHeldLock()));
        List<HeldLock> byOwner = new ArrayList<>();
        for (Holding h : f.holdings()) {
            h.check();
            assertThat(h.isEmpty()).isFalse();
            collect(h, byOwner);
        }
        check(
                byOwner.size() == byFile.size() && Set.copyOf(byOwner).equals(Set.copyOf(byFile)),
                "by owner: " + byOwner);
        for (HeldLock a : byFile) {
            for (HeldLock b : byFile) {
                if (!a.owner().equals(b.owner()) && a.mode().conflictsWith(b.mode())) {
                    check(!a.range().intersects(b.range()), a + " and " + b);
                }
            }
        }
        return byFile.size();
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }

    /** One owner's ranges are apart, and those of one mode do not touch. */
    private static void collect(Holding h, List<HeldLock> into) {
        long from = 0;
        HeldLock before = null;
        Hit hit = new Hit();
        while (h.findConflict(LockMode.EXCLUSIVE, from, LockRange.END, hit)) {
            HeldLock lock = hit.toHeldLock();
            if (before != null) {
                assertThat(Long.compareUnsigned(before.range().last(), lock.range().first()))
                        .isNegative();
                boolean touch = before.range().last() + 1 == lock.range().first();
                assertThat(touch && before.mode() == lock.mode())
                        .as("%s and %s", before, lock)
                        .isFalse();
            }
            into.add(lock);
            before = lock;
            if (hit.last == LockRange.END) {
                return;
            }
            from = hit.last + 1;
        }
    }

    private static void checkWaiter(Waiter w, int overtakingsMax) {
        assertThat(w.overtakings).isBetween(0, overtakingsMax);
        assertThat(blockers(w)).as("#%s could be granted", w.ticket).isNotEmpty();
        Waiter ahead = w.ahead();
        Holding holder = w.holder();
        assertThat((ahead == null) != (holder == null)).as("witness of #%s", w.ticket).isTrue();
        if (ahead != null) {
            assertThat(ahead.isWaiting() && ahead.order < w.order && ahead.file == w.file).isTrue();
            boolean own = ahead.owner == w.owner;
            assertThat(own ? ahead.isWithin(w.first(), w.last(), w.mode()) : conflict(ahead, w))
                    .isTrue();
        } else {
            assertThat(w.intersects(w.heldByte(), w.heldByte())).isTrue();
            assertThat(holder.findConflict(w.mode(), w.heldByte(), w.heldByte(), new Hit()))
                    .isTrue();
            assertThat(holder.owner.owner).isNotEqualTo(w.request.owner());
            assertThat(holder.file).isSameAs(w.file);
        }
    }

    private static boolean conflict(Waiter a, Waiter b) {
        return a.owner != b.owner
                && a.mode().conflictsWith(b.mode())
                && a.intersects(b.first(), b.last());
    }

    /** Whom a request waits for, found by looking at everything. */
    private static Set<LockOwner> blockers(Waiter w) {
        Set<LockOwner> found = new HashSet<>();
        for (Holding h : w.file.holdings()) {
            if (!h.owner.owner.equals(w.request.owner())
                    && h.findConflict(w.mode(), w.first(), w.last(), new Hit())) {
                found.add(h.owner.owner);
            }
        }
        w.file.queue.forEach(
                other -> {
                    if (other.order < w.order && conflict(other, w)) {
                        found.add(other.request.owner());
                    }
                    return true;
                });
        return found;
    }

    private void checkAcyclic() {
        Map<LockOwner, Set<LockOwner>> edges = new HashMap<>();
        for (Waiter w : engine.slow.waiting.in(Scope.everything(), null)) {
            edges.computeIfAbsent(w.request.owner(), o -> new HashSet<>()).addAll(blockers(w));
        }
        // Owners that wait for nobody left go first; whoever remains is on a cycle or behind one.
        ArrayDeque<LockOwner> open = new ArrayDeque<>(edges.keySet());
        int since = 0;
        while (!open.isEmpty() && since <= open.size()) {
            LockOwner o = open.poll();
            if (edges.get(o).stream().noneMatch(edges::containsKey)) {
                edges.remove(o);
                since = 0;
            } else {
                open.add(o);
                since++;
            }
        }
        assertThat(open).as("owners that wait for themselves").isEmpty();
    }
}
