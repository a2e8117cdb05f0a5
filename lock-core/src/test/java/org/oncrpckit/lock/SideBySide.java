package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Runs operations on the model, on a concurrent table and on a single-threaded one, and compares
 * everything that can be seen after each of them.
 */
final class SideBySide {
    /** Few, so that files share one. */
    private static final int SHARDS = 2;

    /** Settings of a run. */
    record Settings(int overtakingsMax, long heldMax, long waitingMax) {}

    private final Settings settings;
    private final Model model;
    private LockTable table;
    private LockTable single;
    private int steps;
    private final Set<Ticket> openTickets = new HashSet<>();

    private SideBySide(Settings settings) {
        this.settings = settings;
        this.model = new Model(settings.overtakingsMax, settings.heldMax, settings.waitingMax);
        this.table = builder().build();
        this.single = builder().singleThreaded().build();
    }

    /**
     * Runs a sequence from empty tables, then lets all holders release, and sees that nothing is
     * left.
     */
    static void run(Settings settings, List<Operation> operations) {
        SideBySide run = new SideBySide(settings);
        for (Operation operation : operations) {
            run.step(operation);
        }
        run.drain();
    }

    private LockTable.Builder builder() {
        LockTable.Builder builder = LockTable.builder();
        builder.shards(SHARDS)
                .overtakingsMax(settings.overtakingsMax)
                .heldMax(settings.heldMax)
                .waitingMax(settings.waitingMax);
        return builder;
    }

    private void step(Operation operation) {
        Object expected;
        Object fromTable;
        Object fromSingle;
        if (operation instanceof Operation.SaveAndRestore) {
            byte[] saved = save(table);
            assertThat(save(single)).isEqualTo(saved);
            table = restore(builder(), saved);
            single = restore(builder().singleThreaded(), saved);
            expected = saved.length;
            fromTable = save(table).length;
            fromSingle = save(single).length;
            assertThat(save(table)).isEqualTo(saved);
        } else {
            Function<LockTable, Object> toTable = onTable(operation);
            expected = onModel(operation);
            fromTable = toTable.apply(table);
            fromSingle = toTable.apply(single);
        }
        assertThat(fromTable).isEqualTo(expected);
        assertThat(fromSingle).isEqualTo(expected);
        track(fromTable);
        compare();
    }

    private Ticket ticketAt(int place) {
        List<WaitingLock> waiting = model.waiting();
        return waiting.isEmpty() ? new Ticket(0) : waiting.get(place % waiting.size()).ticket();
    }

    private Function<LockTable, Object> onTable(Operation operation) {
        if (operation instanceof Operation.Lock o) {
            return t -> t.lock(o.request(), o.policy());
        } else if (operation instanceof Operation.Test o) {
            return t -> t.test(o.request());
        } else if (operation instanceof Operation.Unlock o) {
            return t -> t.unlock(o.owner(), o.file(), o.range());
        } else if (operation instanceof Operation.Cancel o) {
            Ticket ticket = ticketAt(o.place());
            return t -> t.cancel(ticket);
        } else if (operation instanceof Operation.ReleaseOwner o) {
            return t -> t.releaseOwner(o.owner());
        } else if (operation instanceof Operation.ReleaseSystem o) {
            return t -> t.releaseSystem(o.system());
        } else if (operation instanceof Operation.ReleaseFile o) {
            return t -> t.releaseFile(o.file());
        } else if (operation instanceof Operation.TakeShare o) {
            return t -> t.share(o.owner(), o.file(), o.mode());
        } else if (operation instanceof Operation.GiveShare o) {
            return t -> t.unshare(o.owner(), o.file(), o.mode());
        }
        throw new AssertionError(operation);
    }

    private Object onModel(Operation operation) {
        if (operation instanceof Operation.Lock o) {
            return model.lock(o.request(), o.policy());
        } else if (operation instanceof Operation.Test o) {
            return model.test(o.request());
        } else if (operation instanceof Operation.Unlock o) {
            return model.unlock(o.owner(), o.file(), o.range());
        } else if (operation instanceof Operation.Cancel o) {
            return model.cancel(ticketAt(o.place()));
        } else if (operation instanceof Operation.ReleaseOwner o) {
            return model.release(Scope.of(o.owner()), Effect.EndReason.OWNER_RELEASED);
        } else if (operation instanceof Operation.ReleaseSystem o) {
            return model.release(Scope.of(o.system()), Effect.EndReason.SYSTEM_RELEASED);
        } else if (operation instanceof Operation.ReleaseFile o) {
            return model.release(Scope.of(o.file()), Effect.EndReason.FILE_RELEASED);
        } else if (operation instanceof Operation.TakeShare o) {
            return model.share(o.owner(), o.file(), o.mode());
        } else if (operation instanceof Operation.GiveShare o) {
            return model.unshare(o.owner(), o.file(), o.mode());
        }
        throw new AssertionError(operation);
    }

    /** Each ticket ends exactly once. */
    private void track(Object result) {
        List<Effect> effects = new ArrayList<>();
        if (result instanceof LockResult r) {
            effects.addAll(r.effects());
            if (r.outcome() instanceof LockOutcome.Waiting w) {
                assertThat(openTickets.add(w.ticket())).isTrue();
            }
        } else if (result instanceof CancelResult r) {
            effects.addAll(r.effects());
        } else if (result instanceof List<?> list) {
            list.forEach(e -> effects.add((Effect) e));
        }
        for (Effect e : effects) {
            assertThat(openTickets.remove(e.ticket())).as("%s ends once", e).isTrue();
        }
        assertThat(openTickets).hasSize(model.waiting().size());
    }

    private void compare() {
        List<HeldLock> held = model.held();
        List<WaitingLock> waiting = model.waiting();
        assertThat(table.held(Scope.everything()).toList()).isEqualTo(held);
        assertThat(table.waiting(Scope.everything()).toList()).isEqualTo(waiting);
        assertThat(table.waitsFor(Scope.everything()).toList()).isEqualTo(model.waitsFor());
        Scope[] scopes = {
            Scope.everything(),
            Scope.of(World.FILES.get(0)),
            Scope.of(World.OWNERS.get(1)),
            Scope.of(World.SYSTEMS.get(2))
        };
        compareHolders(World.FILES.get(steps % World.FILES.size()), held);
        compare(scopes[steps++ % scopes.length], held, waiting);
        Invariants.check(table, settings.overtakingsMax);
    }

    private void compareHolders(FileId file, List<HeldLock> held) {
        for (LockOwner owner : World.OWNERS) {
            boolean holds =
                    held.stream().anyMatch(h -> h.file().equals(file) && h.owner().equals(owner))
                            || model.shares().stream()
                                    .anyMatch(
                                            s -> s.file().equals(file) && s.owner().equals(owner));
            assertThat(table.holdsAny(owner, file)).isEqualTo(holds);
            compareHeldBy(owner, file, held);
        }
    }

    /** Of one range in each step, all in turn. */
    private void compareHeldBy(LockOwner owner, FileId file, List<HeldLock> held) {
        int first = steps % World.CELL_COUNT;
        int last = first + steps / World.CELL_COUNT % (World.CELL_COUNT - first);
        LockRange range = World.range(first, last);
        List<HeldLock> there =
                held.stream()
                        .filter(h -> h.file().equals(file) && h.owner().equals(owner))
                        .filter(h -> h.range().intersects(range))
                        .sorted(
                                (a, b) ->
                                        Long.compareUnsigned(a.range().first(), b.range().first()))
                        .toList();
        for (int max = 1; max <= World.CELL_COUNT; max++) {
            assertThat(table.held(owner, file, range, max))
                    .isEqualTo(there.subList(0, Math.min(max, there.size())));
        }
        for (LockMode mode : LockMode.values()) {
            boolean holds =
                    there.stream()
                            .filter(h -> h.mode() == mode)
                            .anyMatch(h -> h.range().intersection(range).equals(range));
            assertThat(table.holds(new LockRequest(file, owner, range, mode))).isEqualTo(holds);
        }
    }

    private void compare(Scope scope, List<HeldLock> held, List<WaitingLock> waiting) {
        List<HeldLock> heldThere =
                held.stream().filter(h -> scope.covers(h.file(), h.owner())).toList();
        List<WaitingLock> waitingThere =
                waiting.stream().filter(w -> scope.covers(w.file(), w.owner())).toList();
        List<HeldShare> sharesThere =
                model.shares().stream().filter(s -> scope.covers(s.file(), s.owner())).toList();
        assertThat(table.counts(scope))
                .isEqualTo(
                        new LockCounts(
                                heldThere.size(),
                                waitingThere.size(),
                                sharesThere.stream().mapToLong(HeldShare::count).sum()));
        assertThat(table.held(scope)).containsExactlyInAnyOrderElementsOf(heldThere);
        assertThat(table.waiting(scope).toList()).isEqualTo(waitingThere);
        assertThat(table.shares(scope).toList()).isEqualTo(sharesThere);
    }

    /**
     * Owners that do not wait give up what they hold, until nobody waits: that must come to an end.
     */
    private void drain() {
        boolean progress = true;
        while (!model.waiting().isEmpty() && progress) {
            progress = false;
            for (LockOwner owner : World.OWNERS) {
                boolean waits = model.waiting().stream().anyMatch(w -> w.owner().equals(owner));
                boolean holds = model.held().stream().anyMatch(h -> h.owner().equals(owner));
                if (!waits && holds) {
                    World.FILES.forEach(f -> step(new Operation.Unlock(owner, f, LockRange.ALL)));
                    progress = true;
                }
            }
        }
        assertThat(model.waiting()).as("granted in the end").isEmpty();
        World.SYSTEMS.forEach(s -> step(new Operation.ReleaseSystem(s)));
        Invariants.checkEmpty(table);
        Invariants.checkEmpty(single);
    }

    private static byte[] save(LockTable table) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            table.snapshot(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LockTable restore(LockTable.Builder builder, byte[] saved) {
        try {
            return builder.restore(new ByteArrayInputStream(saved));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
