package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.lock.Share;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.transport.Transport;

/** What is beyond a limit is refused, counted, and harms nobody else. */
class LimitsTest {
    private final World world = new World();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);

    @Test
    void locksOfOneHost() {
        World.Daemon daemon = start(new NlmLimits(100, 5, 100, 100, 10, 4));
        Owner owner = one.owner();
        for (int i = 0; i < 5; i++) {
            assertThat(one.lock(owner, World.FILE, i * 10L, 5, true)).isEqualTo(NlmStatus.GRANTED);
        }
        assertThat(one.lock(owner, World.FILE, 60, 5, true)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(two.lock(two.owner(), World.FILE, 60, 5, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.nlm.statistics().limitsReached()).containsEntry("locksPerHostMax", 1L);

        // A split adds a lock, and is not refused.
        assertThat(one.unlock(owner, World.FILE, 2, 1)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isEqualTo(7);
        one.close(owner, World.FILE);
        world.time.advance(World.SECOND_1);
        assertThat(one.lock(owner, World.FILE, 0, 5, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void locksOfAll() {
        World.Daemon daemon = start(new NlmLimits(2, 100, 100, 100, 10, 4));
        one.lock(one.owner(), World.FILE, 0, 5, true);
        two.lock(two.owner(), World.FILE, 10, 5, true);
        assertThat(two.lock(two.owner(), World.FILE, 20, 5, true))
                .isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.nlm.statistics().limitsReached()).containsEntry("locksMax", 1L);
    }

    @Test
    void waitersOfOneHost() {
        World.Daemon daemon = start(new NlmLimits(100, 100, 100, 3, 10, 4));
        daemon.lockLocally("holder");
        for (int i = 0; i < 3; i++) {
            two.waitFor(two.owner(), World.FILE, 0, 0, true);
        }
        world.settle();
        Waiter refused = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        assertThat(refused.replies).containsExactly(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.nlm.statistics().limitsReached()).containsEntry("waitersPerHostMax", 1L);
        assertThat(two.close(refused.owner, World.FILE)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void waitersOfAll() {
        World.Daemon daemon = start(new NlmLimits(100, 100, 3, 100, 10, 4));
        daemon.lockLocally("holder");
        one.waitFor(one.owner(), World.FILE, 0, 0, true);
        two.waitFor(two.owner(), World.FILE, 0, 0, true);
        two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        Waiter refused = one.waitFor(one.owner(), World.FILE, 0, 0, true);
        world.settle();
        assertThat(refused.replies).containsExactly(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.nlm.statistics().limitsReached()).containsEntry("waitersMax", 1L);
        // What does not wait is not concerned.
        assertThat(one.lock(one.owner(), World.OTHER_FILE, 0, 1, true))
                .isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void unlockIsNotRefusedWhereEverybodysLocksAreFull() {
        World.Daemon daemon = start(new NlmLimits(1, 100, 100, 100, 10, 4));
        Owner owner = one.owner();
        one.lock(owner, World.FILE, 0, 100, true);
        for (int at = 10; at < 100; at += 10) {
            assertThat(one.unlock(owner, World.FILE, at, 1)).isEqualTo(NlmStatus.GRANTED);
        }
        assertThat(daemon.counts().locks()).isEqualTo(10);
        assertThat(one.lock(owner, World.FILE, 10, 1, true)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(one.close(owner, World.FILE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.lock(owner, World.FILE, 10, 1, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void sharesOfOneHostCountAsItsLocks() {
        World.Daemon daemon = start(new NlmLimits(100, 2, 100, 100, 10, 4));
        ScriptedPeer pc = new ScriptedPeer(world, 3, NlmVersion.V4);
        assertThat(pc.share("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(pc.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(pc.share("c", Share.READ, Share.NONE)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.nlm.statistics().limitsReached()).containsEntry("locksPerHostMax", 1L);
        assertThat(two.lock(two.owner(), World.FILE, 0, 1, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(pc.unshare("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        world.time.advance(World.SECOND_1);
        assertThat(pc.share("c", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void sharesOfAllCountAsLocks() {
        World.Daemon daemon = start(new NlmLimits(2, 100, 100, 100, 10, 4));
        ScriptedPeer pc = new ScriptedPeer(world, 3, NlmVersion.V4);
        assertThat(one.lock(one.owner(), World.FILE, 0, 1, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(pc.share("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(pc.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.nlm.statistics().limitsReached()).containsEntry("locksMax", 1L);
    }

    @Test
    void ownersAreLimitedByWhatTheyHold() {
        World.Daemon daemon = start(new NlmLimits(100, 5, 100, 3, 10, 4));
        for (int i = 0; i < 5; i++) {
            one.lock(one.owner(), World.FILE, i, 1, true);
        }
        for (int i = 0; i < 20; i++) {
            Owner owner = one.owner();
            assertThat(one.lock(owner, World.FILE, 50, 1, true))
                    .isEqualTo(NlmStatus.DENIED_NOLOCKS);
            one.unlock(owner, World.FILE, 50, 1);
        }
        assertThat(daemon.nlm.listing().locks(Scope.everything()).map(ListedLock::key).distinct())
                .hasSize(5);
    }

    @Test
    void callBacksInProgressToOneHost() {
        World.Daemon daemon =
                world.start(
                        builder ->
                                builder.limits(new NlmLimits(100, 100, 100, 100, 10, 4))
                                        .grantedByCall(List.of(two.address)));
        LocalOwner holder = daemon.lockLocally("holder");
        two.transport = Transport.UDP;
        for (int i = 0; i < 21; i++) {
            two.waitFor(two.owner(), World.FILE, i, 1, true);
        }
        world.settle();
        daemon.nlm.local().unlock(holder, World.Files.id(World.FILE), new LockRange(20, 20));
        world.settle(); // The port is known now.
        assertThat(daemon.counts().unacknowledged()).isZero();
        world.network.cut(two.address, World.SERVER);
        world.sent.clear();
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(world.calls(Nlm.PROGRAM, NlmVersion.V4.granted().call().number())).hasSize(4);
        assertThat(daemon.counts().unacknowledged()).isEqualTo(20);
        world.network.mend(two.address, World.SERVER);
        assertThat(world.within(Duration.ofMinutes(5), () -> daemon.counts().unacknowledged() == 0))
                .isTrue();
        assertThat(daemon.counts().locks()).isEqualTo(21);
    }

    /** That they fit is shown by the benchmarks. */
    @Test
    void aMillionLocksOfOneHostByDefault() {
        assertThat(NlmLimits.DEFAULT.locksPerHostMax()).isGreaterThanOrEqualTo(1_000_000);
        assertThat(NlmLimits.DEFAULT.locksMax())
                .isGreaterThanOrEqualTo(NlmLimits.DEFAULT.locksPerHostMax());
    }

    @Test
    void hosts() {
        World.Daemon daemon = start(new NlmLimits(100, 100, 100, 3, 1, 4));
        assertThat(one.lock(one.owner(), World.FILE, 0, 1, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.lock(two.owner(), World.FILE, 1, 1, true))
                .isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.nlm.statistics().limitsReached()).containsEntry("hostsMax", 1L);
    }

    @Test
    void callBacksToADeadHostDoNotDelayOthers() {
        World.Daemon daemon = start(NlmLimits.DEFAULT);
        LocalOwner holder = daemon.lockLocally("holder");
        for (int i = 0; i < 100; i++) {
            two.waitFor(two.owner(), World.FILE, i, 1, true);
        }
        world.settle();
        LinuxClient three = world.client(3);
        Waiter alive = three.waitFor(three.owner(), World.FILE, 1000, 1, true);
        world.settle();
        two.crash();

        daemon.unlockLocally(holder);

        assertThat(world.within(World.SECOND_1, () -> alive.has)).isTrue();
        world.sent.clear();
        world.time.advance(World.MINUTE);
        // 16 look-ups at a time, each of which takes seconds to fail.
        assertThat(world.calls(100000, 3).size()).isLessThan(1000);
        assertThat(daemon.counts().unacknowledged()).isEqualTo(100);
        two.reboot();
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isZero();
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void aThousandReadersOfOneHostAreToldAtOnce() {
        World.Daemon daemon = start(NlmLimits.DEFAULT);
        LocalOwner holder = daemon.lockLocally("holder");
        List<Waiter> readers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            readers.add(two.waitFor(two.owner(), World.FILE, 0, 0, false));
            if (i % 100 == 0) {
                world.settle();
            }
        }
        world.settle();
        assertThat(daemon.counts().waiters()).isEqualTo(1000);

        daemon.unlockLocally(holder);
        world.time.advance(World.SECOND_1);

        assertThat(readers).allMatch(each -> each.has);
        assertThat(daemon.counts().unacknowledged()).isZero();
        assertThat(two.granted).hasSize(1000);
        assertThat(two.rpcbind.asked()).isLessThan(5);
    }

    private World.Daemon start(NlmLimits limits) {
        return world.start(builder -> builder.limits(limits));
    }
}
