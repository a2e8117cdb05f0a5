package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for whom, found in queues that are long enough for whole parts to be passed over. */
class WaitSearchTest {
    private static final int OWNERS = 60;
    private static final int OPERATIONS = 1_500;
    private static final int BYTES = 200;
    private static final int BYTES_LONG = 60;

    /** So many that seeing each once for each other takes minutes. */
    private static final int MANY = 6_000;

    private static final int ROUNDS = 500;

    private final LockTable table = LockTable.builder().build();

    @RepeatedTest(4)
    void everybodyIsFoundWhoWaits() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("WaitSearchTest: -Dseed=" + seed);
        Random random = new Random(seed);
        List<FileId> files = List.of(file(1), file(2));
        int longest = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            LockRequest r = request(files.get(random.nextInt(2)), random);
            if (random.nextInt(3) == 0) {
                table.unlock(r.owner(), r.file(), r.range());
            } else {
                table.lock(r, LockPolicy.WAIT);
            }
            longest = Math.max(longest, table.engine().slow.waiting.size());
            if (i % 50 == 49) {
                compare(random);
            }
        }
        assertThat(longest).isGreaterThan(OWNERS);
    }

    private void compare(Random random) {
        Map<LockOwner, Set<LockOwner>> waitsFor = new HashMap<>();
        Map<LockOwner, Set<LockOwner>> awaitedBy = new HashMap<>();
        table.waitsFor(Scope.everything())
                .forEach(
                        edge -> {
                            LockOwner from = edge.waiter().owner();
                            LockOwner to = edge.blocker().owner();
                            waitsFor.computeIfAbsent(from, o -> new HashSet<>()).add(to);
                            awaitedBy.computeIfAbsent(to, o -> new HashSet<>()).add(from);
                        });
        LockEngine engine = table.engine();
        WaitGraph graph = engine.slow.graph;
        engine.slow.enter(engine.allShards());
        try {
            for (int i = 0; i < 10; i++) {
                LockOwner owner = owner(random.nextInt(OWNERS));
                assertThat(graph.waitingFor(owner)).isEqualTo(reachable(owner, awaitedBy));
                assertThat(graph.waitedForBy(owner)).isEqualTo(reachable(owner, waitsFor));
            }
        } finally {
            engine.slow.exit(engine.allShards());
        }
    }

    private static Set<LockOwner> reachable(
            LockOwner from, Map<LockOwner, Set<LockOwner>> neighbours) {
        Set<LockOwner> found = new HashSet<>();
        Queue<LockOwner> open = new ArrayDeque<>(List.of(from));
        for (LockOwner at = open.poll(); at != null; at = open.poll()) {
            for (LockOwner next : neighbours.getOrDefault(at, Set.of())) {
                if (found.add(next)) {
                    open.add(next);
                }
            }
        }
        return found;
    }

    /** Each of them intersects all others, and none is within another. */
    @Test
    @Timeout(120)
    void requestsOfOneOwnerAreNotSeenOnceForEachOther() {
        hold(owner(0), file(1));
        for (int i = 0; i < MANY; i++) {
            LockRange range = new LockRange(MANY - i, 2 * MANY - i);
            table.lock(request(1, file(1), range), LockPolicy.WAIT);
        }

        assertThat(table.counts(Scope.of(file(1))).waiting()).isEqualTo(MANY);
    }

    /** The one who holds what they all want waits elsewhere, again and again. */
    @Test
    @Timeout(120)
    void requestsOfManyOwnersAreNotSeenOnceForEachOther() {
        hold(owner(0), file(1));
        hold(owner(-1), file(2));
        for (int i = 0; i < MANY; i++) {
            LockRange range = new LockRange(MANY - i, 2 * MANY - i);
            table.lock(request(1 + i, file(1), range), LockPolicy.WAIT);
        }

        List<LockOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            LockOutcome outcome =
                    table.lock(request(0, file(2), LockRange.ALL), LockPolicy.WAIT).outcome();
            outcomes.add(outcome);
            table.cancel(((LockOutcome.Waiting) outcome).ticket());
        }

        assertThat(outcomes).hasSize(ROUNDS);
    }

    private void hold(LockOwner owner, FileId file) {
        LockRequest all = new LockRequest(file, owner, LockRange.ALL, LockMode.EXCLUSIVE);
        table.lock(all, LockPolicy.TRY);
    }

    private static LockRequest request(int owner, FileId file, LockRange range) {
        return new LockRequest(file, owner(owner), range, LockMode.EXCLUSIVE);
    }

    private static LockRequest request(FileId file, Random random) {
        int first = random.nextInt(BYTES);
        LockRange range = new LockRange(first, first + random.nextInt(BYTES_LONG));
        LockMode mode = random.nextInt(3) == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE;
        return new LockRequest(file, owner(random.nextInt(OWNERS)), range, mode);
    }

    private static FileId file(int number) {
        return FileId.of(new byte[] {(byte) number});
    }

    private static LockOwner owner(int number) {
        return LockOwner.of(SystemId.LOCAL, new byte[] {1}, number);
    }
}
