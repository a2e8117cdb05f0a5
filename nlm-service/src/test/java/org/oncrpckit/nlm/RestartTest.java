package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nsm.protocol.NsmProcedures;

/** Hosts that restart: clients, and this one. */
class RestartTest {
    private static final int NOTIFY = NsmProcedures.NOTIFY.number();

    private final World world = new World();
    private World.Daemon daemon = world.start();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);
    private final LinuxClient three = world.client(3);

    @Test
    void aClientThatRestartsLosesItsLocksAndTheWaiterGetsThem() {
        one.lock(one.owner(), World.FILE, 0, 0, true);
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();

        var firstLife = daemon.nlm.listing().scopeOf(one.address);
        one.crash();
        world.time.advance(Duration.ofSeconds(10));
        assertThat(waiter.has).isFalse();
        one.reboot();

        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        assertThat(daemon.nlm.listing().scopeOf(one.address)).isPresent().isNotEqualTo(firstLife);
        assertThat(daemon.nlm.statistics().hostsRestarted()).isEqualTo(1);
    }

    @Test
    void aClientThatRestartsLosesItsPlaceInTheQueue() {
        LocalOwner holder = daemon.lockLocally("holder");
        one.waitFor(one.owner(), World.FILE, 0, 0, true);
        world.settle();
        Waiter next = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();

        one.crash();
        one.reboot();
        world.settle();
        daemon.unlockLocally(holder);

        assertThat(world.within(World.SECOND_1, () -> next.has)).isTrue();
        assertThat(one.granted).isEmpty();
    }

    @Test
    void aLockWithANewStateNumberIsARestartToo() {
        Owner first = one.owner();
        one.lock(first, World.FILE, 0, 0, true);
        one.state += 2; // It restarted, and its notice is late.

        assertThat(one.lock(one.owner(), World.OTHER_FILE, 0, 0, true))
                .isEqualTo(NlmStatus.GRANTED);

        assertThat(daemon.counts().locks()).isEqualTo(1);
        one.tellState(one.state);
        world.settle();
        assertThat(daemon.counts().locks()).as("spared by the late notice").isEqualTo(1);
    }

    @Test
    void aMessageOfTheLifeBeforeGetsNothing() {
        one.lock(one.owner(), World.FILE, 0, 0, true);
        one.crash();
        one.reboot();
        world.settle();
        one.lock(one.owner(), World.FILE, 0, 0, true);
        one.state -= 2;

        assertThat(one.lock(one.owner(), World.OTHER_FILE, 0, 0, true))
                .isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void aHostThatHasLostItsCountBeginsANewLifeAllTheSame() {
        one.state = 41;
        one.lock(one.owner(), World.FILE, 0, 0, true);
        world.time.advance(HostLives.STRAGGLING.plusSeconds(1));
        one.state = 3; // A container whose state folder is gone.

        assertThat(one.lock(two.owner(), World.OTHER_FILE, 0, 0, true))
                .isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void stateZeroMeansThePresentLife() {
        Owner owner = one.owner();
        one.lock(owner, World.FILE, 0, 10, true);
        CompletableFuture<NlmStatus> reclaim =
                one.sendLock(owner, World.FILE, 20, 10, true, false, true);
        assertThat(world.await(reclaim)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isEqualTo(2);
    }

    /** Told of the first restart, and not back yet: the second one has to wait for it, too. */
    @Test
    void whoeverIsOnItsWayBackIsWaitedForAfterASecondKill() {
        Owner owner = one.owner();
        one.lock(owner, World.FILE, 0, 0, true);
        one.held.clear(); // So that it does not reclaim as soon as it is told.
        restartAndTell();
        int notices = world.calls(NsmProcedures.PROGRAM, NOTIFY).size();
        assertThat(notices).isPositive();
        restartAndTell();
        assertThat(world.calls(NsmProcedures.PROGRAM, NOTIFY)).hasSize(notices);
        assertThat(two.lock(two.owner(), World.FILE, 0, 0, true))
                .isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
        CompletableFuture<NlmStatus> reclaim =
                one.sendLock(owner, World.FILE, 0, 0, true, false, true);
        assertThat(world.await(reclaim)).isEqualTo(NlmStatus.GRANTED);
    }

    private void restartAndTell() {
        daemon.kill();
        daemon = world.start();
        daemon.notifyFormerHosts();
        world.settle();
    }

    @Test
    void withoutFormerClientsThereIsNoGrace() {
        assertThat(daemon.nlm.grace().isActive()).isFalse();
    }

    @Test
    void afterAKillClientsReclaimAndNobodyStealsInBetween() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 0, 100, true);
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 10, true);
        world.settle();

        daemon.kill();
        daemon = world.start();
        assertThat(daemon.nlm.grace().isActive()).isTrue();
        // Before the holder has heard of the restart, somebody tries to get in.
        assertThat(three.lock(three.owner(), World.FILE, 0, 1, true))
                .isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
        assertThat(three.test(three.owner(), World.FILE, 0, 1, true).status())
                .isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
        daemon.notifyFormerHosts();
        assertThat(world.within(World.MINUTE, () -> daemon.counts().locks() == 1)).isTrue();

        // The waiter asks again and again, and waits when the time has come.
        assertThat(world.within(Duration.ofMinutes(2), () -> daemon.counts().waiters() == 1))
                .isTrue();
        assertThat(waiter.has).isFalse();
        assertThat(three.lock(three.owner(), World.FILE, 0, 1, true)).isEqualTo(NlmStatus.DENIED);
        one.close(holder, World.FILE);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
    }

    @Test
    void bug18_unlockIsAllowedInGrace() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 0, 100, true);
        world.settle();
        daemon.kill();
        daemon = world.start();
        daemon.notifyFormerHosts();
        world.within(World.MINUTE, () -> daemon.counts().locks() == 1);
        assertThat(daemon.nlm.grace().isActive()).isTrue();

        assertThat(one.close(holder, World.FILE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void graceEndsEarlyWhenEverybodyHasReclaimedAndIsQuiet() {
        one.lock(one.owner(), World.FILE, 0, 1, true);
        two.lock(two.owner(), World.FILE, 1, 1, true);
        daemon.kill();
        daemon = world.start();
        daemon.notifyFormerHosts();

        assertThat(world.within(Duration.ofSeconds(20), () -> !daemon.nlm.grace().isActive()))
                .isTrue();
        assertThat(daemon.counts().locks()).isEqualTo(2);
    }

    @Test
    void graceLastsWhileSomebodyHasNotBeenHeardOf() {
        one.lock(one.owner(), World.FILE, 0, 1, true);
        two.lock(two.owner(), World.FILE, 1, 1, true);
        two.crash();
        daemon.kill();
        daemon = world.start();
        daemon.notifyFormerHosts();

        world.time.advance(Duration.ofSeconds(44));
        assertThat(daemon.nlm.grace().isActive()).isTrue();
        assertThat(daemon.nlm.grace().left()).isBetween(Duration.ZERO, Duration.ofSeconds(1));
        world.time.advance(Duration.ofSeconds(2));
        assertThat(daemon.nlm.grace().isActive()).isFalse();
        assertThat(daemon.nlm.grace().left()).isZero();
    }

    @Test
    void graceCanBeEndedByHand() {
        one.lock(one.owner(), World.FILE, 0, 1, true);
        one.crash();
        daemon.kill();
        daemon = world.start();
        assertThat(daemon.nlm.grace().end()).isTrue();
        assertThat(daemon.nlm.grace().end()).isFalse();
        assertThat(two.lock(two.owner(), World.FILE, 0, 1, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void aLateReclaimIsGrantedIfTheRangeIsFree() {
        Owner late = one.owner();
        Owner other = two.owner();
        assertThat(two.lock(other, World.FILE, 10, 10, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(world.await(one.sendLock(late, World.FILE, 0, 10, true, false, true)))
                .isEqualTo(NlmStatus.GRANTED);
        assertThat(world.await(one.sendLock(late, World.FILE, 10, 10, true, false, true)))
                .isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void localLockersWaitForTheEndOfGrace() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 0, 10, true);
        daemon.kill();
        daemon = world.start();
        LocalOwner local = LocalOwner.of("local", 1);
        var file = World.Files.id(World.FILE);
        assertThat(daemon.nlm.local().tryLock(local, file, LockRange.ALL, LockMode.SHARED))
                .isEqualTo(LocalOutcome.GRACE_PERIOD);
        LocalRequest request =
                daemon.nlm.local().lock(local, file, LockRange.ALL, LockMode.EXCLUSIVE);
        var outcome = request.outcome().toCompletableFuture();
        daemon.notifyFormerHosts();
        world.within(World.MINUTE, () -> !daemon.nlm.grace().isActive());
        world.settle();
        assertThat(outcome).isNotDone();
        one.close(holder, World.FILE);
        assertThat(outcome).isCompletedWithValue(LocalOutcome.GRANTED);
    }

    @Test
    void bug11_stoppingLeavesTheClientsRemembered() {
        one.lock(one.owner(), World.FILE, 0, 1, true);
        daemon.nlm.close();
        assertThat(daemon.nsm.monitoredHosts()).isEqualTo(1);
    }
}
