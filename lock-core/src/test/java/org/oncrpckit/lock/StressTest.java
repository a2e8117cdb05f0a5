package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/**
 * Threads that write their mark into shared bytes, each under a lock: nobody ever finds another
 * one's mark.
 */
class StressTest {
    private static final int THREADS = 6;
    private static final int ROUNDS = 10_000;
    private static final int BYTES = 8;
    private static final int FILES = 5;

    private final LockTable table = LockTable.builder().build();
    private final List<AtomicIntegerArray> marks = new ArrayList<>();

    /** Who waits for which ticket; a grant may be delivered before the waiter has put itself in. */
    private final Map<Ticket, CompletableFuture<Effect>> ends = new ConcurrentHashMap<>();

    StressTest() {
        for (int i = 0; i < FILES; i++) {
            marks.add(new AtomicIntegerArray(BYTES));
        }
    }

    @Test
    void bytesUnderAnExclusiveLockBelongToItsOwnerAlone() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("StressTest: -Dseed=" + seed);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Integer>> workers = new ArrayList<>();
            for (int i = 1; i <= THREADS; i++) {
                int number = i;
                workers.add(() -> work(number, new Random(seed + number)));
            }
            int locked = 0;
            for (Future<Integer> f : executor.invokeAll(workers, 100, TimeUnit.SECONDS)) {
                locked += f.get();
            }
            assertThat(locked).isGreaterThan(THREADS * ROUNDS / 4);
        } finally {
            executor.shutdownNow();
        }
        assertThat(ends).isEmpty();
        Invariants.checkEmpty(table);
    }

    private int work(int number, Random random) throws Exception {
        LockOwner owner = LockOwner.of(new SystemId(number, 1), new byte[] {1}, number);
        int locked = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int file = random.nextInt(FILES);
            int first = random.nextInt(BYTES);
            int last = first + random.nextInt(BYTES - first);
            LockMode mode = random.nextInt(4) == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE;
            LockRange range = new LockRange(first, last);
            LockRequest request =
                    new LockRequest(FileId.of(new byte[] {(byte) file}), owner, range, mode);
            if (take(request, random)) {
                locked++;
                use(marks.get(file), number, first, last, mode);
                int dice = random.nextInt(50);
                if (dice == 0) {
                    deliver(table.releaseOwner(owner));
                } else if (dice == 1) {
                    deliver(table.releaseSystem(owner.system()));
                } else {
                    deliver(table.unlock(owner, request.file(), range));
                }
            }
        }
        return locked;
    }

    private boolean take(LockRequest request, Random random) throws Exception {
        LockPolicy policy = random.nextBoolean() ? LockPolicy.WAIT : LockPolicy.TRY;
        LockResult result = table.lock(request, policy);
        deliver(result.effects());
        if (!(result.outcome() instanceof LockOutcome.Waiting waiting)) {
            return result.outcome().status() == LockOutcome.Status.GRANTED;
        }
        if (random.nextInt(8) == 0) {
            deliver(table.cancel(waiting.ticket()).effects());
        }
        Effect end = end(waiting.ticket()).get(60, TimeUnit.SECONDS);
        ends.remove(waiting.ticket());
        assertThat(end.request()).isEqualTo(request);
        return end.kind() == Effect.Kind.GRANTED;
    }

    private CompletableFuture<Effect> end(Ticket ticket) {
        return ends.computeIfAbsent(ticket, t -> new CompletableFuture<>());
    }

    private void deliver(List<Effect> effects) {
        for (Effect e : effects) {
            assertThat(end(e.ticket()).complete(e)).as("%s ends once", e.ticket()).isTrue();
        }
    }

    private static void use(
            AtomicIntegerArray bytes, int number, int first, int last, LockMode mode) {
        if (mode == LockMode.SHARED) {
            for (int i = first; i <= last; i++) {
                assertThat(bytes.get(i)).as("byte %s under a shared lock", i).isZero();
            }
            return;
        }
        for (int i = first; i <= last; i++) {
            assertThat(bytes.getAndSet(i, number)).as("byte %s before %s", i, number).isZero();
        }
        for (int i = first; i <= last; i++) {
            assertThat(bytes.getAndSet(i, 0)).as("byte %s after %s", i, number).isEqualTo(number);
        }
    }
}
