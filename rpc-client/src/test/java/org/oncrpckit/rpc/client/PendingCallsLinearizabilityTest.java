package org.oncrpckit.rpc.client;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of pending calls in interleavings of Lincheck's choice. Each thread registers waiters
 * in a place of its own; all of them look for waiters and end them.
 */
class PendingCallsLinearizabilityTest {
    private static final int PLACES = 5;

    private static final class Places {
        final PendingCalls<TestWaiter> table = new PendingCalls<>(Integer.MAX_VALUE - 1);
        final AtomicReferenceArray<@Nullable TestWaiter> waiters =
                new AtomicReferenceArray<>(PLACES);

        /** The latest of each place that was not registered. */
        final AtomicReferenceArray<@Nullable TestWaiter> refused =
                new AtomicReferenceArray<>(PLACES);

        /** Registers a new waiter unless the one before still waits. */
        void register(int place) {
            TestWaiter before = waiters.get(place);
            if (before != null && !before.hasEnded()) {
                return;
            }
            TestWaiter waiter = new TestWaiter();
            waiters.set(place, waiter);
            if (!table.register(waiter)) {
                refused.set(place, waiter);
                waiter.endOutside();
            }
        }

        /** Ends a waiter as a call does, first the flag, then out of the table. */
        boolean end(int place) {
            TestWaiter waiter = waiters.get(place);
            return waiter != null && waiter.end(table);
        }

        /** In the table is who waits, and nobody else. */
        void check() {
            int waiting = 0;
            for (int i = 0; i < PLACES; i++) {
                TestWaiter waiter = waiters.get(i);
                if (waiter != null && !waiter.hasEnded()) {
                    waiting++;
                    require(table.find(waiter.xid) == waiter, "a waiter is not in the table");
                }
                require(
                        waiter == null || !(waiter == refused.get(i) && waiter.told),
                        "a waiter was refused and told");
            }
            require(waiting == table.size(), waiting + " wait, in the table " + table.size());
            require(waiting == 0 || !table.isShut(), waiting + " wait in a table that is shut");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Nobody shuts the table: then every operation is atomic. */
    @Param(name = "own", gen = ThreadIdGen.class)
    @Param(name = "place", gen = IntGen.class, conf = "0:3")
    public static class Open {
        private final Places places = new Places();

        /** Registers a waiter. */
        @Operation
        public void register(@Param(name = "own") int own) {
            places.register(own);
        }

        /** Whether a reply would find the waiter of that place and end its call. */
        @Operation
        public boolean find(@Param(name = "place") int place) {
            TestWaiter waiter = places.waiters.get(place);
            return waiter != null && places.table.find(waiter.xid) == waiter && !waiter.hasEnded();
        }

        /** Ends a waiter; true for whoever did it. */
        @Operation
        public boolean end(@Param(name = "place") int place) {
            return places.end(place);
        }

        /** When all threads have ended. */
        @Validate
        public void check() {
            places.check();
        }
    }

    /**
     * Somebody shuts the table. He tells one waiter after the other, which others see in parts, so
     * that results say nothing; what must hold is looked at when all threads have ended.
     */
    @Param(name = "own", gen = ThreadIdGen.class)
    @Param(name = "place", gen = IntGen.class, conf = "0:3")
    public static class Shut {
        private final Places places = new Places();

        /** Registers a waiter. */
        @Operation
        public void register(@Param(name = "own") int own) {
            places.register(own);
        }

        /** Ends a waiter. */
        @Operation
        public void end(@Param(name = "place") int place) {
            places.end(place);
        }

        /** Shuts the table, and ends whoever is to be told. */
        @Operation
        public void shut() {
            for (TestWaiter each : places.table.shut("closed")) {
                each.told = true;
                each.endOutside();
            }
        }

        /** When all threads have ended. */
        @Validate
        public void check() {
            places.check();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Open.class, Shut.class})
    void stress(Class<?> scenario) {
        Interleavings.stress(scenario);
    }

    @ParameterizedTest
    @ValueSource(classes = {Open.class, Shut.class})
    void modelChecking(Class<?> scenario) {
        Interleavings.search(scenario);
    }
}
