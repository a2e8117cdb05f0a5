package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.xdr.Opaque;

class LocalLocksTest {
    private static final FileId FILE = World.Files.id(World.FILE);
    private static final LockRange ALL = LockRange.ALL;
    private static final int OTHERS = 50_000;

    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final LocalLocks local = daemon.nlm.local();
    private final LocalOwner alice = LocalOwner.of("alice", 11);
    private final LocalOwner bob = LocalOwner.of("bob", 12);

    @Test
    void whatIsFreeIsGrantedAtOnceAndHandedOnWhenGivenBack() {
        assertThat(ask(alice)).isCompletedWithValue(LocalOutcome.GRANTED);
        CompletableFuture<LocalOutcome> second = ask(bob);
        assertThat(second).isNotDone();
        local.unlock(alice, FILE, ALL);
        assertThat(second).isCompletedWithValue(LocalOutcome.GRANTED);
    }

    @Test
    void tryingDoesNotWait() {
        assertThat(local.tryLock(alice, FILE, ALL, LockMode.EXCLUSIVE))
                .isEqualTo(LocalOutcome.GRANTED);
        assertThat(local.tryLock(bob, FILE, ALL, LockMode.SHARED)).isEqualTo(LocalOutcome.DENIED);
    }

    @Test
    void aCancelledRequestIsGone() {
        ask(alice).join();
        LocalRequest request = local.lock(bob, FILE, ALL, LockMode.EXCLUSIVE);
        CompletableFuture<LocalOutcome> outcome = request.outcome().toCompletableFuture();
        assertThat(request.cancel()).isTrue();
        assertThat(request.cancel()).isFalse();
        assertThat(outcome).isCompletedWithValue(LocalOutcome.CANCELLED);
        local.unlock(alice, FILE, ALL);
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();
    }

    @Test
    void aDeadlockIsRefused() {
        FileId other = World.Files.id(World.OTHER_FILE);
        local.tryLock(alice, FILE, ALL, LockMode.EXCLUSIVE);
        local.tryLock(bob, other, ALL, LockMode.EXCLUSIVE);
        CompletableFuture<LocalOutcome> waits = ask(bob);
        LocalRequest closing = local.lock(alice, other, ALL, LockMode.EXCLUSIVE);
        assertThat(closing.outcome().toCompletableFuture())
                .isCompletedWithValue(LocalOutcome.DEADLOCK);
        local.releaseOwner(alice);
        assertThat(waits).isCompletedWithValue(LocalOutcome.GRANTED);
    }

    @Test
    void whatACompletionDoesIsDoneToo() {
        ask(alice).join();
        CompletableFuture<LocalOutcome> third = new CompletableFuture<>();
        local.lock(bob, FILE, ALL, LockMode.EXCLUSIVE)
                .outcome()
                .thenAccept(
                        outcome -> {
                            // Inside the delivery of the grant: unlock, and ask again.
                            local.unlock(bob, FILE, ALL);
                            local.lock(bob, FILE, ALL, LockMode.SHARED)
                                    .outcome()
                                    .thenAccept(third::complete);
                        });
        local.unlock(alice, FILE, ALL);
        assertThat(third).isCompletedWithValue(LocalOutcome.GRANTED);
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void aChainOfManyHandOversNeedsNoStack() {
        ask(alice).join();
        int waiters = 20_000;
        int[] granted = {0};
        for (int i = 0; i < waiters; i++) {
            LocalOwner owner = LocalOwner.of("chain", i);
            local.lock(owner, FILE, ALL, LockMode.EXCLUSIVE)
                    .outcome()
                    .thenAccept(
                            outcome -> {
                                granted[0]++;
                                local.unlock(owner, FILE, ALL);
                            });
        }
        local.unlock(alice, FILE, ALL);
        assertThat(granted[0]).isEqualTo(waiters);
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void clientsSeeLocalHolders() {
        ask(alice).join();
        LinuxClient client = world.client(1);
        TestOutcome outcome = client.test(client.owner(), World.FILE, 0, 0, false);
        var holder = ((TestOutcome.Conflict) outcome).holder();
        assertThat(holder.svid()).isEqualTo(11);
        assertThat(holder.ownerHandle()).isEqualTo(Opaque.ofUtf8("alice"));
    }

    @Test
    void listingsNameEverybody() {
        ask(alice).join();
        LinuxClient client = world.client(1);
        Waiter waiter = client.waitFor(client.owner(), World.FILE, 5, 6, true);
        world.settle();

        assertThat(daemon.nlm.listing().locks(Scope.everything()))
                .singleElement()
                .satisfies(
                        lock -> {
                            assertThat(lock.owner()).isEqualTo(new OwnerLabel.Local(alice));
                            assertThat(lock.unconfirmed()).isFalse();
                            assertThat(lock.since()).isBefore(world.time.now());
                        });
        assertThat(daemon.nlm.listing().waiters(Scope.everything()))
                .singleElement()
                .satisfies(
                        listed -> {
                            OwnerLabel.Remote owner = (OwnerLabel.Remote) listed.owner();
                            assertThat(owner.client()).isEqualTo(client.address);
                            assertThat(owner.callerName()).isEqualTo(client.name);
                            assertThat(owner.svid()).isEqualTo(waiter.owner.svid());
                            assertThat(owner.ownerHandle()).isEqualTo(waiter.owner.handle());
                            assertThat(owner.route().server()).isEqualTo(World.SERVER);
                            assertThat(listed.range()).isEqualTo(new LockRange(5, 10));
                            assertThat(listed.since()).isBefore(world.time.now());
                        });
        assertThat(daemon.nlm.listing().reasons(Scope.everything())).hasSize(1);
        assertThat(daemon.nlm.listing().hosts())
                .singleElement()
                .satisfies(
                        host -> {
                            assertThat(host.address()).isEqualTo(client.address);
                            assertThat(host.nsmState()).isEqualTo(client.state);
                            assertThat(host.monitored()).isTrue();
                            assertThat(host.counts().waiting()).isEqualTo(1);
                        });
        assertThat(daemon.nlm.release().host(client.address)).isTrue();
        assertThat(daemon.counts().waiters()).isZero();
    }

    @Test
    void stoppingCancelsWhoeverWaits() {
        ask(alice).join();
        CompletableFuture<LocalOutcome> waits = ask(bob);
        daemon.nlm.close();
        assertThat(waits).isCompletedWithValue(LocalOutcome.CANCELLED);
    }

    @Test
    void anOwnersEndCostsNoMoreWhereOthersHaveMuch() {
        for (int i = 0; i < OTHERS; i++) {
            local.tryLock(LocalOwner.of("other", i), FILE, at(i), LockMode.EXCLUSIVE);
        }
        releaseOne(1); // Whatever is only done the first time.
        long bytes = releaseOne(2);
        assertThat(daemon.counts().locks()).isEqualTo(OTHERS);
        assertThat(bytes)
                .as("bytes allocated; a list of all claims has %s", 4 * OTHERS)
                .isLessThan(2 * OTHERS);
    }

    private long releaseOne(int number) {
        LocalOwner owner = LocalOwner.of("one", number);
        local.tryLock(owner, FILE, at(OTHERS), LockMode.EXCLUSIVE);
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        local.releaseOwner(owner);
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    private static LockRange at(int offset) {
        return new LockRange(2L * offset, 2L * offset);
    }

    @Test
    void manyThreadsCountUnderOneLock() throws Exception {
        int threads = 4;
        int rounds = 2000;
        int[] count = {0};
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            LocalOwner owner = LocalOwner.of("thread", t);
            all.add(
                    pool.submit(
                            () -> {
                                for (int i = 0; i < rounds; i++) {
                                    assertThat(ask(owner).join()).isEqualTo(LocalOutcome.GRANTED);
                                    count[0]++;
                                    local.unlock(owner, FILE, ALL);
                                }
                            }));
        }
        for (Future<?> each : all) {
            each.get(60, TimeUnit.SECONDS);
        }
        pool.shutdown();
        assertThat(count[0]).isEqualTo(threads * rounds);
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();
    }

    private CompletableFuture<LocalOutcome> ask(LocalOwner owner) {
        return local.lock(owner, FILE, ALL, LockMode.EXCLUSIVE).outcome().toCompletableFuture();
    }
}
