package org.oncrpckit.examples;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOutcome;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockResult;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.lock.Ticket;

/** Threads that sleep until a lock of an embedded table is theirs. */
public final class WaitingThreads {
    private static final int THREADS = 8;
    private static final int TURNS = 1_000;

    private final FileId file = FileId.of("/srv/counter".getBytes(StandardCharsets.UTF_8));
    private int counter;

    // [waiting]
    private final LockTable table = LockTable.builder().build();
    private final Map<Ticket, CompletableFuture<Effect>> ends = new ConcurrentHashMap<>();

    private void lock(LockRequest request) {
        LockResult result = table.lock(request, LockPolicy.WAIT);
        deliver(result.effects());
        LockOutcome outcome = result.outcome();
        if (outcome instanceof LockOutcome.Waiting waiting) {
            Effect end = end(waiting.ticket()).join();
            ends.remove(waiting.ticket());
            if (end instanceof Effect.Granted) {
                return;
            }
            throw new IllegalStateException("not locked: " + end);
        }
        if (outcome.status() != LockOutcome.Status.GRANTED) {
            throw new IllegalStateException("not locked: " + outcome);
        }
    }

    private void unlock(LockOwner owner, LockRange range) {
        deliver(table.unlock(owner, file, range));
    }

    private void deliver(List<Effect> effects) {
        effects.forEach(effect -> end(effect.ticket()).complete(effect));
    }

    /** Made by who comes first: the thread that waits, or the one that delivers the end. */
    private CompletableFuture<Effect> end(Ticket ticket) {
        return ends.computeIfAbsent(ticket, key -> new CompletableFuture<>());
    }

    // [end]

    private void count(int thread) {
        byte[] name = ("thread " + thread).getBytes(StandardCharsets.UTF_8);
        LockOwner owner = LockOwner.of(SystemId.LOCAL, name, thread);
        for (int i = 0; i < TURNS; i++) {
            lock(new LockRequest(file, owner, LockRange.ALL, LockMode.EXCLUSIVE));
            counter++;
            unlock(owner, LockRange.ALL);
        }
    }

    /** Many threads count, each time under the lock, and none of them at the same time. */
    public static void main(String[] arguments) throws InterruptedException {
        WaitingThreads shared = new WaitingThreads();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            threads.add(new Thread(() -> shared.count(number), "counts-" + i));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(THREADS + " threads counted to " + shared.counter);
    }
}
