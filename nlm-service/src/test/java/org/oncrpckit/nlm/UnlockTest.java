package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.LinuxClient.Answer;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;

/** Giving back, with the habits of clients at a close and after a failure. */
class UnlockTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);

    @Test
    void unlockingNothingIsGranted() {
        assertThat(one.close(one.owner(), World.FILE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().hosts()).isZero();
    }

    @Test
    void aCloseDoesNotEndAnotherThreadsWaitForTheWholeFile() {
        LocalOwner holder = daemon.lockLocally("holder");
        Owner process = two.owner();
        Waiter thread = two.waitFor(process, World.FILE, 0, 0, true);
        world.settle();

        two.close(process, World.FILE); // Another thread closes its own descriptor.

        assertThat(daemon.counts().waiters()).isEqualTo(1);
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> thread.has)).isTrue();
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void aCloseDoesNotTakeAGrantThatNobodyHasHeardOf() {
        LocalOwner holder = daemon.lockLocally("holder");
        Owner process = two.owner();
        Waiter thread = two.waitFor(process, World.FILE, 10, 10, true);
        world.settle();
        two.rpcbind.clear();
        daemon.unlockLocally(holder);
        world.settle();
        two.lock(process, World.FILE, 40, 10, true);

        two.close(process, World.FILE);

        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(one.lock(one.owner(), World.FILE, 15, 1, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(one.lock(one.owner(), World.FILE, 40, 1, true)).isEqualTo(NlmStatus.GRANTED);
        two.register();
        assertThat(world.within(World.MINUTE, () -> thread.has)).isTrue();
    }

    @Test
    void unlockingWhatIsWaitedForGivesUp() {
        LocalOwner holder = daemon.lockLocally("holder");
        Owner process = two.owner();
        Waiter failed = two.waitFor(process, World.FILE, 10, 10, true);
        world.settle();
        failed.stop();

        two.unlock(process, World.FILE, 10, 10); // What Linux sends after an RPC failure.

        assertThat(daemon.counts().waiters()).isZero();
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(two.granted).isEmpty();
    }

    @Test
    void anUnlockThatIsQuickerThanTheAnswerToGrantedFrees() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 10, 10, true);
        world.settle();
        two.answers = args -> Answer.LOSE_ANSWER;
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(waiter.has).isTrue();

        two.unlock(waiter.owner, World.FILE, 10, 10);

        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().unacknowledged()).isZero();
        world.time.advance(World.MINUTE);
        assertThat(two.granted).hasSize(1);
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void askingAgainForAGrantThatAnotherThreadHasChangedGoesToTheTable() {
        LocalOwner holder = daemon.lockLocally("holder");
        Owner program = two.owner();
        Waiter waiter = two.waitFor(program, World.FILE, 0, 2, true);
        world.settle();
        two.answers = args -> Answer.LOSE_ANSWER;
        daemon.unlockLocally(holder);
        world.settle();
        two.lock(program, World.FILE, 1, 1, false); // Another thread makes half of it shared.
        one.lock(one.owner(), World.FILE, 1, 1, false);

        assertThat(two.lock(program, World.FILE, 0, 2, true)).isEqualTo(NlmStatus.DENIED);

        assertThat(waiter.has).isTrue();
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void splittingAndMergingIsAsInPosix() {
        Owner owner = one.owner();
        one.lock(owner, World.FILE, 0, 100, true);
        one.unlock(owner, World.FILE, 40, 20);
        assertThat(daemon.counts().locks()).isEqualTo(2);
        assertThat(two.lock(two.owner(), World.FILE, 50, 1, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.lock(two.owner(), World.FILE, 60, 1, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(one.lock(owner, World.FILE, 40, 20, true)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void aThousandPairsFromTwoClientsLeaveNothing() {
        for (int i = 0; i < 1000; i++) {
            LinuxClient client = i % 2 == 0 ? one : two;
            Owner owner = client.owner();
            int offset = i % 50 * 10;
            assertThat(client.lock(owner, World.FILE, offset, 10, true))
                    .isEqualTo(NlmStatus.GRANTED);
            client.unlock(owner, World.FILE, offset, 10);
        }
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();

        // And when nothing more is heard of them, the hosts are forgotten, too.
        assertThat(daemon.nsm.monitoredHosts()).isEqualTo(2);
        world.time.advance(HostRegistry.IDLE.plus(World.MINUTE).plus(World.MINUTE));
        assertThat(daemon.counts().hosts()).isZero();
        assertThat(daemon.nsm.monitoredHosts()).isZero();
    }
}
