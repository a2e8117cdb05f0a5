package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists and counts what is in a table. Never holds a lock while its caller works. */
final class Listing {
    /** An owner on a file. */
    private record Place(FileId file, LockOwner owner) {}

    private static final Comparator<Place> BY_FILE =
            Comparator.comparing(Place::file).thenComparing(Place::owner);

    private final LockEngine engine;
    private final SlowPath slow;

    Listing(LockEngine engine) {
        this.engine = engine;
        this.slow = engine.slow;
    }

    Stream<HeldLock> held(Scope scope) {
        if (scope instanceof Scope.OfOwner || scope instanceof Scope.OfSystem) {
            return places(scope).stream().flatMap(p -> new HeldByOwner(p).stream());
        }
        return files(scope, f -> f.held() > 0).stream().flatMap(f -> new HeldOnFile(f).stream());
    }

    List<HeldLock> held(LockOwner owner, FileId id, LockRange range, int max) {
        Shard shard = engine.shard(id);
        shard.enter();
        try {
            Holding h = shard.holding(shard.file(id), owner);
            if (h == null) {
                return List.of();
            }
            List<HeldLock> found = new ArrayList<>(1);
            addHeld(h, range.first(), range.last(), max, found);
            return Collections.unmodifiableList(found);
        } finally {
            shard.exit();
        }
    }

    /**
     * Adds the ranges that have bytes of [first, last], until the list has so many.
     *
     * @return whether there may be more
     */
    private static boolean addHeld(Holding h, long first, long last, int max, List<HeldLock> into) {
        Hit hit = new Hit();
        long from = first;
        while (into.size() < max) {
            if (!h.findConflict(LockMode.EXCLUSIVE, from, last, hit)) {
                return false;
            }
            into.add(hit.toHeldLock());
            if (Long.compareUnsigned(hit.last, last) >= 0) {
                return false;
            }
            from = hit.last + 1;
        }
        return true;
    }

    Stream<WaitingLock> waiting(Scope scope) {
        return waiters(scope).stream().map(Waiter::toWaitingLock);
    }

    Stream<WaitsFor> waitsFor(Scope scope) {
        return waiters(scope).stream().flatMap(w -> new Blockers(w).stream());
    }

    Stream<HeldShare> shares(Scope scope) {
        return files(scope, f -> f.shares != null).stream().flatMap(f -> sharesOf(f, scope));
    }

    LockCounts counts(Scope scope) {
        if (scope instanceof Scope.OfFile of) {
            return countsOf(of.file());
        }
        long held = 0;
        long shares = 0;
        for (Shard shard : engine.shards) {
            shard.enter();
            try {
                if (scope instanceof Scope.Everything) {
                    held += shard.held();
                    shares += shard.sharesTaken;
                    continue;
                }
                for (Holding h : shard.holdings(scope)) {
                    held += h.size();
                    shares +=
                            h.shareModes == 0 || h.file.shares == null
                                    ? 0
                                    : h.file.shares.taken(h.owner.owner);
                }
            } finally {
                shard.exit();
            }
        }
        slow.enter();
        try {
            boolean all = scope instanceof Scope.Everything;
            return new LockCounts(
                    held, all ? slow.waiting.size() : slow.waiting.in(scope, null).size(), shares);
        } finally {
            slow.exit();
        }
    }

    private LockCounts countsOf(FileId id) {
        Shard shard = engine.shard(id);
        shard.enter();
        try {
            FileEntry f = shard.file(id);
            if (f == null) {
                return new LockCounts(0, 0, 0);
            }
            return new LockCounts(
                    f.held(),
                    f.queue == null ? 0 : f.queue.size(),
                    f.shares == null ? 0 : f.shares.taken());
        } finally {
            shard.exit();
        }
    }

    /** The files of a scope that pass a test, in order. */
    private List<FileId> files(Scope scope, Predicate<FileEntry> test) {
        List<FileId> found = new ArrayList<>();
        if (scope instanceof Scope.OfFile of) {
            found.add(of.file());
            return found;
        }
        if (!(scope instanceof Scope.Everything)) {
            return places(scope).stream().map(Place::file).distinct().toList();
        }
        for (Shard shard : engine.shards) {
            shard.enter();
            try {
                shard.forEachFile(
                        f -> {
                            if (test.test(f)) {
                                found.add(f.id);
                            }
                        });
            } finally {
                shard.exit();
            }
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private List<Place> places(Scope scope) {
        List<Place> found = new ArrayList<>();
        for (Shard shard : engine.shards) {
            shard.enter();
            try {
                shard.holdings(scope).forEach(h -> found.add(new Place(h.file.id, h.owner.owner)));
            } finally {
                shard.exit();
            }
        }
        found.sort(BY_FILE);
        return found;
    }

    private List<Waiter> waiters(Scope scope) {
        Shard shard = scope instanceof Scope.OfFile of ? engine.shard(of.file()) : null;
        slow.enter();
        try {
            if (shard == null) {
                return slow.waiting.in(scope, null);
            }
            shard.enter();
            try {
                return slow.waiting.in(scope, shard.file(((Scope.OfFile) scope).file()));
            } finally {
                shard.exit();
            }
        } finally {
            slow.exit();
        }
    }

    private Stream<HeldShare> sharesOf(FileId id, Scope scope) {
        List<HeldShare> found = new ArrayList<>();
        Shard shard = engine.shard(id);
        shard.enter();
        try {
            FileEntry f = shard.file(id);
            if (f != null && f.shares != null) {
                f.shares.forEach(
                        (owner, mode, count) -> {
                            if (scope.covers(id, owner)) {
                                found.add(new HeldShare(id, owner, mode, count));
                            }
                        });
            }
        } finally {
            shard.exit();
        }
        found.sort(Comparator.comparing(HeldShare::owner).thenComparing(HeldShare::mode));
        return found.stream();
    }

    /** All locks on a file. */
    private final class HeldOnFile extends ChunkedIterator<HeldLock> {
        private final FileId id;
        private final Hit hit = new Hit();
        private boolean begun;

        HeldOnFile(FileId id) {
            this.id = id;
        }

        @Override
        boolean fetch(List<HeldLock> into) {
            Shard shard = engine.shard(id);
            shard.enter();
            try {
                FileEntry f = shard.file(id);
                while (f != null && into.size() < CHUNK) {
                    boolean found =
                            begun
                                    ? f.findNextConflict(
                                            LockMode.EXCLUSIVE, 0, LockRange.END, null, hit)
                                    : f.findConflict(
                                            LockMode.EXCLUSIVE, 0, LockRange.END, null, hit);
                    begun = true;
                    if (!found) {
                        return false;
                    }
                    into.add(hit.toHeldLock());
                }
                return f != null;
            } finally {
                shard.exit();
            }
        }
    }

    /** One owner's locks on a file. */
    private final class HeldByOwner extends ChunkedIterator<HeldLock> {
        private final Place place;
        private long from;

        HeldByOwner(Place place) {
            this.place = place;
        }

        @Override
        boolean fetch(List<HeldLock> into) {
            Shard shard = engine.shard(place.file());
            shard.enter();
            try {
                Holding h = shard.holding(shard.file(place.file()), place.owner());
                boolean more = h != null && addHeld(h, from, LockRange.END, CHUNK, into);
                if (more) {
                    from = into.get(into.size() - 1).range().last() + 1;
                }
                return more;
            } finally {
                shard.exit();
            }
        }
    }

    /** Why one request waits. */
    private final class Blockers extends ChunkedIterator<WaitsFor> {
        private final Waiter waiter;
        private final WaitingLock shown;
        private final Hit hit = new Hit();
        private boolean begun;

        Blockers(Waiter waiter) {
            this.waiter = waiter;
            this.shown = waiter.toWaitingLock();
        }

        @Override
        boolean fetch(List<WaitsFor> into) {
            Shard shard = waiter.file.shard;
            slow.enter();
            shard.enter();
            try {
                return waiter.isWaiting() && fetchFrom(waiter.file, into);
            } finally {
                shard.exit();
                slow.exit();
            }
        }

        private boolean fetchFrom(FileEntry f, List<WaitsFor> into) {
            Holding self = f.shard.holding(f, waiter.request.owner());
            LockMode mode = waiter.mode();
            while (into.size() < CHUNK) {
                boolean found =
                        begun
                                ? f.findNextConflict(mode, waiter.first(), waiter.last(), self, hit)
                                : f.findConflict(mode, waiter.first(), waiter.last(), self, hit);
                if (!found) {
                    addAhead(f.queue, into);
                    return false;
                }
                begun = true;
                into.add(new WaitsFor(shown, hit.toHeldLock()));
            }
            return true;
        }

        private void addAhead(@Nullable FileQueue queue, List<WaitsFor> into) {
            List<Waiter> ahead = new ArrayList<>();
            if (queue != null) {
                queue.forEachConflict(
                        waiter.request.owner(),
                        waiter.mode(),
                        waiter.first(),
                        waiter.last(),
                        Long.MIN_VALUE,
                        w -> {
                            if (w.order < waiter.order) {
                                ahead.add(w);
                            }
                            return true;
                        });
            }
            ahead.sort(Waiter.BY_ORDER);
            ahead.forEach(w -> into.add(new WaitsFor(shown, w.toWaitingLock())));
        }
    }
}
