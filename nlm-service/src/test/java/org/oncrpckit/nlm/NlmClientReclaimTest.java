package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.LockListener;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmOwner;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nsm.FormerHost;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.RebootListener;

/** Locks of a client whose servers restart, and servers that cannot be watched. */
class NlmClientReclaimTest {
    private final World world = new World();
    private final ScriptedLockServer server = new ScriptedLockServer(world, NlmVersion.V4);

    /** What is asked for again is refused, as it is in a grace period, unless it is a reclaim. */
    private void graceWithout(NlmStatus reclaim) {
        server.onLock =
                args ->
                        ScriptedLockServer.now(
                                args.reclaim() ? reclaim : NlmStatus.DENIED_GRACE_PERIOD);
    }

    private NlmLock heldAtARestartThatRefusesIt(JavaClient java) {
        NlmLock mine = ScriptedLockServer.lock(java.client.newOwner(), 0, 9);
        world.await(java.client.tryLock(mine));
        graceWithout(NlmStatus.DENIED);
        java.client.serverRebooted(ScriptedLockServer.ADDRESS, 5);
        return mine;
    }

    @Test
    void reclaimThatIsRefusedIsRegainedWhenGraceIsOver() {
        JavaClient java = new JavaClient(world, 1);
        NlmLock mine = heldAtARestartThatRefusesIt(java);
        world.time.advance(Duration.ofSeconds(40));
        assertThat(java.lost).isEmpty();
        server.onLock = args -> ScriptedLockServer.now(NlmStatus.GRANTED);
        assertThat(world.within(Duration.ofSeconds(6), () -> !java.regained.isEmpty())).isTrue();
        assertThat(java.regained).containsExactly(mine);
        assertThat(java.client.held()).containsExactly(mine);
    }

    @Test
    void whatIsUnlockedMeanwhileIsNotAskedForAgain() {
        JavaClient java = new JavaClient(world, 1);
        NlmLock mine = heldAtARestartThatRefusesIt(java);
        world.settle();
        world.await(java.client.unlock(mine.withRange(new LockRange(0, 4))));
        world.time.advance(Duration.ofSeconds(10));
        LockArgs last = server.locks.get(server.locks.size() - 1);
        assertThat(last.lock().offset()).isEqualTo(5);
        assertThat(last.lock().length()).isEqualTo(5);
        world.time.advance(Duration.ofMinutes(6));
        assertThat(java.lost).containsExactly(mine.withRange(new LockRange(5, 9)));
        assertThat(java.client.held()).isEmpty();
    }

    @Test
    void reclaimsOfOthersDoNotWaitForOneThatIsRefused() {
        JavaClient java = new JavaClient(world, 1);
        List<NlmLock> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            NlmLock each = ScriptedLockServer.lock(java.client.newOwner(), i, i);
            all.add(each);
            world.await(java.client.tryLock(each));
        }
        server.onLock =
                args ->
                        ScriptedLockServer.now(
                                !args.reclaim()
                                        ? NlmStatus.DENIED_GRACE_PERIOD
                                        : args.lock().offset() % 2 == 0
                                                ? NlmStatus.DENIED
                                                : NlmStatus.GRANTED);
        java.client.serverRebooted(ScriptedLockServer.ADDRESS, 5);
        world.time.advance(Duration.ofSeconds(2));
        assertThat(java.reclaimed).hasSize(25);
        assertThat(java.client.held()).hasSameSizeAs(all);
    }

    @Test
    void listenerThatFailsLosesNoLock() {
        LockListener failing =
                new LockListener() {
                    @Override
                    public void reclaimed(NlmLock lock) {
                        throw new IllegalStateException("a mistake in a listener");
                    }
                };
        JavaClient java = new JavaClient(world, 1, settings -> settings.listener(failing));
        NlmLock mine = ScriptedLockServer.lock(java.client.newOwner(), 0, 9);
        world.await(java.client.tryLock(mine));
        java.client.serverRebooted(ScriptedLockServer.ADDRESS, 5);
        world.settle();
        assertThat(java.client.held()).containsExactly(mine);
        assertThat(server.locks.stream().filter(LockArgs::reclaim)).hasSize(1);
    }

    @Test
    void reclaimThatIsRefusedStopsNoOtherOne() {
        JavaClient java = new JavaClient(world, 1);
        NlmOwner owner = java.client.newOwner();
        NlmLock gone = ScriptedLockServer.lock(owner, 0, 9);
        NlmLock late = ScriptedLockServer.lock(owner, 20, 29);
        NlmLock kept = ScriptedLockServer.lock(owner, 40, 49).withMode(LockMode.SHARED);
        for (NlmLock each : new NlmLock[] {gone, late, kept}) {
            world.await(java.client.tryLock(each));
        }
        Map<Long, NlmStatus> reclaims =
                Map.of(
                        0L,
                        NlmStatus.DENIED,
                        20L,
                        NlmStatus.DENIED_GRACE_PERIOD,
                        40L,
                        NlmStatus.GRANTED);
        server.onLock =
                args ->
                        ScriptedLockServer.now(
                                args.reclaim()
                                        ? reclaims.getOrDefault(
                                                args.lock().offset(), NlmStatus.FAILED)
                                        : args.lock().offset() == 20
                                                ? NlmStatus.GRANTED
                                                : NlmStatus.DENIED);
        java.client.serverRebooted(ScriptedLockServer.ADDRESS, 5);
        java.client.serverRebooted(ScriptedLockServer.ADDRESS, 5);
        world.settle();
        assertThat(java.lost).containsExactly(gone);
        assertThat(java.regained).containsExactly(late);
        assertThat(java.reclaimed).containsExactly(kept);
        assertThat(java.client.held()).containsExactly(late, kept);
        assertThat(server.locks.stream().filter(LockArgs::reclaim)).hasSize(3);
    }

    @Test
    void goingDownIsNoRestart() {
        JavaClient java = new JavaClient(world, 1);
        world.await(java.client.tryLock(ScriptedLockServer.lock(java.client.newOwner(), 0, 9)));
        java.client.serverRebooted(ScriptedLockServer.ADDRESS, 4);
        world.settle();
        assertThat(server.locks).hasSize(1);
    }

    @Test
    void serverThatCannotBeWatchedIsToldOnceAndTriedAgain() {
        FailingMonitor monitor = new FailingMonitor();
        List<String> told = new ArrayList<>();
        LockListener listener =
                new LockListener() {
                    @Override
                    public void notMonitored(InetAddress address, String why) {
                        told.add(why);
                    }
                };
        JavaClient java =
                new JavaClient(
                        world, 1, settings -> settings.statusMonitor(monitor).listener(listener));
        NlmLock mine = ScriptedLockServer.lock(java.client.newOwner(), 0, 9);
        for (int i = 0; i < 3; i++) {
            world.await(java.client.tryLock(mine));
        }
        assertThat(monitor.asked).as("left alone after a failure").isEqualTo(1);
        world.time.advance(Duration.ofMinutes(1));
        world.await(java.client.tryLock(mine));
        assertThat(monitor.asked).isEqualTo(2);
        assertThat(told).containsExactly("disk full");
        monitor.full = false;
        world.time.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            world.await(java.client.tryLock(mine));
        }
        assertThat(monitor.asked).isEqualTo(3);
        assertThat(told).hasSize(1);
    }

    private static final class FailingMonitor implements StatusMonitor, HostMonitor {
        boolean full = true;
        int asked;

        @Override
        public HostMonitor open(RebootListener listener) {
            return this;
        }

        @Override
        public List<FormerHost> formerlyMonitored() {
            return List.of();
        }

        @Override
        public CompletionStage<Void> monitor(MonitoredHost host) {
            asked++;
            return full
                    ? CompletableFuture.failedFuture(new IOException("disk full"))
                    : CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> unmonitor(InetAddress address) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public int state() {
            return 1;
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
