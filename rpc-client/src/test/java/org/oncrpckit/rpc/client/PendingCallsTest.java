package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The table of pending calls where registering, ending and shutting meet. */
class PendingCallsTest {
    /** {@code -Drounds=N} makes so many. */
    private static final int ROUNDS = Integer.getInteger("rounds", 20_000);

    private static final int REGISTERING = 2;
    private static final int WAITERS = 4;

    @Test
    void xidsGoOnFromTheFirstAndPassOverThoseInUse() {
        PendingCalls<TestWaiter> table = new PendingCalls<>(-1);
        TestWaiter first = new TestWaiter();
        assertThat(table.register(first)).isTrue();
        assertThat(first.xid).isEqualTo(-1);
        assertThat(table.unusedXid()).isZero();
        assertThat(table.find(-1)).isSameAs(first);
        first.end(table);
        assertThat(table.find(-1)).isNull();
    }

    @Test
    void endedWaiterIsNotKept() {
        PendingCalls<TestWaiter> table = new PendingCalls<>(7);
        TestWaiter ended = new TestWaiter();
        ended.end(table);
        assertThat(table.register(ended)).isTrue();
        assertThat(table.size()).isZero();
    }

    /**
     * Whatever the order of registering, ending and shutting: nobody waits for ever (who is told
     * that he is registered, and has not ended, hears of the shut), nobody stays in the table, no
     * xid is given twice.
     */
    @Test
    void nobodyIsForgottenWhenTheTableIsShut() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(REGISTERING + 2);
        CyclicBarrier start = new CyclicBarrier(REGISTERING + 2);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                race(threads, start);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void race(ExecutorService threads, CyclicBarrier start) throws Exception {
        PendingCalls<TestWaiter> table = new PendingCalls<>(Integer.MAX_VALUE - 2);
        List<TestWaiter> waiters = new ArrayList<>();
        for (int i = 0; i < REGISTERING * WAITERS; i++) {
            waiters.add(new TestWaiter());
        }
        Set<TestWaiter> registered = ConcurrentHashMap.newKeySet();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < REGISTERING; i++) {
            List<TestWaiter> mine = waiters.subList(i * WAITERS, (i + 1) * WAITERS);
            running.add(
                    threads.submit(
                            () -> {
                                start.await();
                                for (TestWaiter each : mine) {
                                    if (table.register(each)) {
                                        registered.add(each);
                                    }
                                }
                                return null;
                            }));
        }
        running.add(
                threads.submit(
                        () -> {
                            start.await();
                            for (int i = 0; i < waiters.size(); i += 2) {
                                waiters.get(i).end(table);
                            }
                            return null;
                        }));
        running.add(
                threads.submit(
                        () -> {
                            start.await();
                            for (TestWaiter each : table.shut("closed")) {
                                each.told = true;
                                each.end(table);
                            }
                            return null;
                        }));
        for (Future<?> each : running) {
            each.get();
        }
        for (TestWaiter each : registered) {
            assertThat(each.told || each.hasEnded()).as("a waiter hears of the end").isTrue();
        }
        assertThat(table.size()).isZero();
        assertThat(registered.stream().filter(each -> each.told).map(each -> each.xid))
                .doesNotHaveDuplicates();
    }
}
