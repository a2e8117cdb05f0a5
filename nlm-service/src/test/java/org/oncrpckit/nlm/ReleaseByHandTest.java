package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;

/** What an operator frees is free, and nothing else is. */
class ReleaseByHandTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);

    @Test
    void aHostLosesAllAndTheNextInTheQueueGetsIt() {
        one.lock(one.owner(), World.FILE, 0, 0, true);
        one.lock(one.owner(), World.OTHER_FILE, 0, 0, true);
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();

        assertThat(daemon.nlm.release().host(one.address)).isTrue();

        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(daemon.nlm.release().host(World.SECOND)).isFalse();
    }

    @Test
    void anOwnerLosesItsLocksAndItsPlaces() {
        Owner stuck = one.owner();
        Owner other = one.owner();
        one.lock(stuck, World.FILE, 0, 10, true);
        one.lock(other, World.FILE, 20, 10, true);
        two.lock(two.owner(), World.OTHER_FILE, 0, 0, true);
        one.waitFor(stuck, World.OTHER_FILE, 0, 0, true);
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 10, true);
        world.settle();

        assertThat(daemon.nlm.release().owner(holderOf(0))).isTrue();

        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        assertThat(daemon.counts().waiters()).as("its waiting request went too").isZero();
        assertThat(daemon.nlm.listing().locks(Scope.of(World.Files.id(World.FILE))))
                .extracting(ListedLock::range)
                .containsExactly(new LockRange(0, 9), new LockRange(20, 29));
    }

    @Test
    void bytesOfOneLockLeaveTheRest() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 0, 100, true);

        assertThat(
                        daemon.nlm
                                .release()
                                .lock(
                                        holderOf(0),
                                        World.Files.id(World.FILE),
                                        new LockRange(40, 59)))
                .isTrue();

        assertThat(daemon.nlm.listing().locks(Scope.everything()))
                .extracting(ListedLock::range)
                .containsExactly(new LockRange(0, 39), new LockRange(60, 99));
        assertThat(two.lock(two.owner(), World.FILE, 40, 20, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.close(holder, World.FILE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void aReleasedGrantIsNotAnnouncedAgain() {
        LocalOwner holder = daemon.lockLocally("holder");
        two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.crash();
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isEqualTo(1);

        assertThat(
                        daemon.nlm
                                .release()
                                .lock(holderOf(0), World.Files.id(World.FILE), LockRange.ALL))
                .isTrue();

        assertThat(daemon.counts().unacknowledged()).isZero();
        assertThat(daemon.counts().locks()).isZero();
        world.sent.clear();
        world.time.advance(World.MINUTE);
        assertThat(world.grantedMessages()).isEmpty();
    }

    @Test
    void anOwnerOfTheLifeBeforeIsNobody() {
        one.lock(one.owner(), World.FILE, 0, 0, true);
        LockOwner before = holderOf(0);
        one.crash();
        one.reboot();
        world.settle();
        one.lock(one.owner(), World.FILE, 0, 0, true);

        assertThat(daemon.nlm.release().owner(before)).isFalse();

        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void localOwnersTheSame() {
        LocalOwner local = daemon.lockLocally("stuck");
        assertThat(
                        daemon.nlm
                                .release()
                                .lock(holderOf(0), World.Files.id(World.FILE), new LockRange(0, 9)))
                .isTrue();
        assertThat(daemon.nlm.listing().locks(Scope.everything()))
                .extracting(ListedLock::range)
                .containsExactly(new LockRange(10, -1));
        assertThat(daemon.nlm.release().owner(holderOf(10))).isTrue();
        assertThat(daemon.counts().locks()).isZero();
        daemon.unlockLocally(local);
    }

    /** The one that holds this byte of {@link World#FILE}. */
    private LockOwner holderOf(long firstByte) {
        return daemon.nlm
                .listing()
                .locks(Scope.of(World.Files.id(World.FILE)))
                .filter(lock -> lock.range().first() == firstByte)
                .findFirst()
                .orElseThrow()
                .key();
    }
}
