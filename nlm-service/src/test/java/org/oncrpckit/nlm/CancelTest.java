package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.LinuxClient.Answer;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;

/** Giving up, and messages that cross. */
class CancelTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);

    @Test
    void aSignalLeavesNoTrace() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();

        assertThat(waiter.signal()).isEqualTo(NlmStatus.GRANTED);

        assertThat(daemon.counts().waiters()).isZero();
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(two.granted).isEmpty();
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void aCancelThatCrossesTheGrantIsDeniedAndTheUnlockThatFollowsFrees() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.answers = args -> Answer.LOSE_CALL;
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(two.granted).hasSize(1);

        assertThat(waiter.signal()).isEqualTo(NlmStatus.DENIED);

        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().unacknowledged()).isZero();
        world.time.advance(World.MINUTE);
        assertThat(two.granted).hasSize(1);
    }

    @Test
    void aGrantThatNobodyHasHeardOfIsCancelled() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.rpcbind.clear();
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(daemon.counts().locks()).isEqualTo(1);

        assertThat(waiter.signal()).isEqualTo(NlmStatus.GRANTED);

        assertThat(daemon.counts().locks()).isZero();
        two.register();
        world.time.advance(World.MINUTE);
        assertThat(two.granted).isEmpty();
    }

    @Test
    void bug25_cancelMustNameTheMode() {
        LocalOwner holder = daemon.lockLocally("holder");
        Owner owner = two.owner();
        Waiter shared = two.waitFor(owner, World.FILE, 0, 0, false);
        world.settle();
        Waiter exclusive = two.waitFor(owner, World.FILE, 0, 0, true);
        world.settle();
        assertThat(daemon.counts().waiters()).isEqualTo(2);

        assertThat(exclusive.signal()).isEqualTo(NlmStatus.GRANTED);

        assertThat(daemon.counts().waiters()).isEqualTo(1);
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> shared.has)).isTrue();
    }

    @Test
    void cancellingWhatNeverWasIsGranted() {
        Waiter never = two.waitFor(two.owner(), World.FILE, 0, 10, true);
        world.settle();
        assertThat(never.has).isTrue();
        two.close(never.owner, World.FILE);

        assertThat(world.await(two.sendCancel(never))).isEqualTo(NlmStatus.GRANTED);
        LinuxClient stranger = world.client(9);
        CompletableFuture<NlmStatus> reply = stranger.sendCancel(never);
        assertThat(world.await(reply)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void cancellingWhatIsHeldIsDenied() {
        Waiter has = two.waitFor(two.owner(), World.FILE, 0, 10, true);
        world.settle();
        assertThat(world.await(two.sendCancel(has))).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void aRefusedUpgradeLeavesTheSharedLock() {
        Owner upgrading = two.owner();
        two.lock(upgrading, World.FILE, 0, 50, false);
        Owner other = one.owner();
        one.lock(other, World.FILE, 0, 100, false);
        Waiter waiter = two.waitFor(upgrading, World.FILE, 0, 100, true);
        world.settle();
        assertThat(waiter.replies).containsExactly(NlmStatus.BLOCKED);
        waiter.stop(); // It will answer DENIED.

        one.close(other, World.FILE);
        world.settle();

        assertOnlyLock(LockMode.SHARED, new LockRange(0, 49));
    }

    @Test
    void aRefusedExtensionLeavesTheFirstHalf() {
        Owner growing = two.owner();
        two.lock(growing, World.FILE, 0, 10, true);
        Owner other = one.owner();
        one.lock(other, World.FILE, 10, 10, true);
        Waiter waiter = two.waitFor(growing, World.FILE, 0, 20, true);
        world.settle();
        waiter.stop();

        one.close(other, World.FILE);
        world.settle();

        assertOnlyLock(LockMode.EXCLUSIVE, new LockRange(0, 9));
    }

    private void assertOnlyLock(LockMode mode, LockRange range) {
        assertThat(daemon.nlm.listing().locks(Scope.everything()))
                .singleElement()
                .satisfies(
                        lock -> {
                            assertThat(lock.mode()).isEqualTo(mode);
                            assertThat(lock.range()).isEqualTo(range);
                        });
    }
}
