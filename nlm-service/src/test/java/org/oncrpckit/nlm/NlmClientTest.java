package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.CallStyle;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.LockWait;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.rpc.transport.Transport;

/** The client library against our own server, on a network without faults. */
class NlmClientTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final LockAnswer GRANTED = new LockAnswer.Granted();
    private static final LockAnswer GIVEN_UP = new LockAnswer.GivenUp();

    private World world;
    private World.Daemon daemon;
    private JavaClient one;
    private JavaClient two;

    @BeforeEach
    void start() {
        world = new World();
        daemon = world.start();
        one = new JavaClient(world, 1);
        two = new JavaClient(world, 2);
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void locksTestsAndUnlocks(Transport transport) {
        NlmLock mine = one.lock(transport, new LockRange(10, 19), LockMode.EXCLUSIVE);
        NlmLock theirs = two.lock(transport, new LockRange(15, 30), LockMode.SHARED);

        assertThat(world.await(one.client.tryLock(mine))).isEqualTo(GRANTED);
        assertThat(world.await(two.client.tryLock(theirs))).isEqualTo(new LockAnswer.Denied());
        LockAnswer.Test test = world.await(two.client.test(theirs));
        assertThat(test).isInstanceOf(LockAnswer.Test.Conflict.class);
        assertThat(((LockAnswer.Test.Conflict) test).holder().svid())
                .isEqualTo(mine.owner().svid());

        world.await(one.client.unlock(mine));
        assertThat(world.await(two.client.test(theirs))).isEqualTo(new LockAnswer.Test.Free());
        assertThat(daemon.counts().locks()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void waitsUntilTheServerCallsBack(Transport transport) {
        NlmLock mine = one.lock(transport, LockRange.ALL, LockMode.EXCLUSIVE);
        NlmLock theirs = two.lock(transport, LockRange.ALL, LockMode.EXCLUSIVE);
        world.await(one.client.tryLock(mine));
        LockWait wait = two.client.lock(theirs, HOUR);
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();

        world.await(one.client.unlock(mine));
        assertThat(world.within(World.SECOND_1, () -> wait.answer().isDone())).isTrue();
        assertThat(wait.answer().join()).isEqualTo(GRANTED);
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void pollsWhereTheServerCannotCallBack() {
        two.unregister();
        NlmLock mine = one.whole();
        world.await(one.client.tryLock(mine));
        LockWait wait = two.client.lock(two.whole(), HOUR);
        world.time.advance(World.MINUTE);

        world.await(one.client.unlock(mine));
        assertThat(world.within(Duration.ofSeconds(31), () -> wait.answer().isDone())).isTrue();
        assertThat(wait.answer().join()).isEqualTo(GRANTED);
    }

    @Test
    void pollsAfterFiveSecondsAndThenLessAndLessOften() {
        world.await(one.client.tryLock(one.whole()));
        LockWait wait = two.client.lock(two.whole(), HOUR);
        world.settle();
        int locks = world.calls(100021, 2).size();
        world.time.advance(Duration.ofSeconds(4));
        assertThat(world.calls(100021, 2)).hasSize(locks);
        // After 5, 10, 20, then every 30 s.
        world.time.advance(Duration.ofSeconds(96));
        assertThat(world.calls(100021, 2)).hasSize(locks + 5);
        assertThat(wait.answer()).isNotDone();
    }

    @Test
    void cancelLeavesNothingAtTheServer() {
        world.await(one.client.tryLock(one.whole()));
        LockWait wait = two.client.lock(two.whole(), HOUR);
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();

        assertThat(world.await(wait.cancel())).isEqualTo(GIVEN_UP);
        assertThat(daemon.counts().waiters()).isZero();
        assertThat(two.client.waiting()).isZero();
    }

    @Test
    void timeLimitGivesUp() {
        world.await(one.client.tryLock(one.whole()));
        LockWait wait = two.client.lock(two.whole(), Duration.ofSeconds(7));
        assertThat(world.await(wait.answer())).isEqualTo(GIVEN_UP);
        assertThat(daemon.counts().waiters()).isZero();
    }

    @Test
    void cancelWhileTheRequestIsOnItsWayLeavesNothingEither() {
        LockWait wait = two.client.lock(two.whole(), HOUR);
        assertThat(world.await(wait.cancel())).isEqualTo(GIVEN_UP);
        world.settle();
        assertThat(daemon.counts().locks()).isZero();
        assertThat(two.client.held()).isEmpty();
    }

    @Test
    void cancelOfAnUpgradeKeepsTheSharedLock() {
        NlmLock shared = two.lock(Transport.TCP, LockRange.ALL, LockMode.SHARED);
        world.await(one.client.tryLock(one.whole().withMode(LockMode.SHARED)));
        world.await(two.client.tryLock(shared));
        LockWait wait = two.client.lock(shared.withMode(LockMode.EXCLUSIVE), HOUR);
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();

        assertThat(world.await(wait.cancel())).isEqualTo(GIVEN_UP);
        assertThat(daemon.counts().locks()).isEqualTo(2);
        assertThat(two.client.held()).containsExactly(shared);
    }

    @Test
    void deadlockIsAnAnswer() {
        NlmLock a = one.lock(Transport.TCP, new LockRange(0, 0), LockMode.EXCLUSIVE);
        NlmLock b = two.lock(Transport.TCP, new LockRange(1, 1), LockMode.EXCLUSIVE);
        world.await(one.client.tryLock(a));
        world.await(two.client.tryLock(b));
        LockWait wait = one.client.lock(a.withRange(new LockRange(1, 1)), HOUR);
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();

        LockWait closing = two.client.lock(b.withRange(new LockRange(0, 0)), HOUR);
        assertThat(world.await(closing.answer())).isEqualTo(new LockAnswer.Deadlock());
        assertThat(wait.answer()).isNotDone();
    }

    @Test
    void reclaimsEveryLockWithItsOwnModeWhenTheServerRestarts() {
        NlmLock shared = one.lock(Transport.TCP, new LockRange(0, 9), LockMode.SHARED);
        NlmLock exclusive = one.lock(Transport.UDP, new LockRange(20, 29), LockMode.EXCLUSIVE);
        world.await(one.client.tryLock(shared));
        world.await(one.client.tryLock(exclusive));

        daemon.kill();
        daemon = world.start();
        daemon.notifyFormerHosts();
        assertThat(world.within(World.MINUTE, () -> one.reclaimed.size() == 2)).isTrue();
        assertThat(one.reclaimed).containsExactlyInAnyOrder(shared, exclusive);
        assertThat(one.lost).isEmpty();
        world.time.advance(World.MINUTE);

        NlmLock reader = two.lock(Transport.TCP, new LockRange(0, 9), LockMode.SHARED);
        assertThat(world.await(two.client.tryLock(reader))).isEqualTo(GRANTED);
        assertThat(world.await(two.client.tryLock(reader.withRange(new LockRange(20, 20)))))
                .isEqualTo(new LockAnswer.Denied());
    }

    @Test
    void waitSurvivesARestartOfTheServer() {
        NlmLock mine = one.whole();
        world.await(one.client.tryLock(mine));
        LockWait wait = two.client.lock(two.whole(), HOUR);
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();

        daemon.kill();
        daemon = world.start();
        daemon.notifyFormerHosts();
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();
        world.await(one.client.unlock(mine));
        assertThat(world.await(wait.answer())).isEqualTo(GRANTED);
    }

    @Test
    void closeGivesEverythingBack() {
        world.await(one.client.tryLock(one.whole()));
        LockWait wait = two.client.lock(two.whole(), HOUR);
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();

        CompletableFuture<Void> closed = two.client.closeAsync().toCompletableFuture();
        world.await(closed);
        assertThat(wait.answer().join()).isEqualTo(GIVEN_UP);
        world.await(one.client.closeAsync().toCompletableFuture());
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();
    }

    @Test
    void oneWayCallsAreAnsweredByOneWayCalls() {
        JavaClient three = new JavaClient(world, 3, builder -> builder.style(CallStyle.ONE_WAY));
        NlmLock mine = one.whole();
        NlmLock theirs = three.lock(Transport.UDP, LockRange.ALL, LockMode.EXCLUSIVE);
        world.await(one.client.tryLock(mine));
        assertThat(world.await(three.client.tryLock(theirs))).isEqualTo(new LockAnswer.Denied());
        assertThat(world.await(three.client.test(theirs)))
                .isInstanceOf(LockAnswer.Test.Conflict.class);
        LockWait wait = three.client.lock(theirs, HOUR);
        assertThat(world.within(World.MINUTE, () -> daemon.counts().waiters() == 1)).isTrue();

        world.await(one.client.unlock(mine));
        assertThat(world.await(wait.answer())).isEqualTo(GRANTED);
        world.await(three.client.unlock(theirs));
        assertThat(daemon.counts().locks()).isZero();
        assertThat(world.calls(100021, 2)).isNotEmpty();
        assertThat(world.calls(100021, 7)).isNotEmpty();
    }
}
