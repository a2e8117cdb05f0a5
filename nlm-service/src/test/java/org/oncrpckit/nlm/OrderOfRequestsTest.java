package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.Share;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.FreeAllArgs;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.transport.Transport;

/**
 * A host's first request waits until the host is on stable storage. What it sends meanwhile, such
 * as the UNLOCK of a program that was interrupted, must not overtake it.
 */
class OrderOfRequestsTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final ScriptedPeer peer = new ScriptedPeer(world, 1, NlmVersion.V4);
    private final WireLock lock = peer.describe(1, 0, 10);

    @BeforeEach
    void diskIsSlow() {
        peer.transport = Transport.TCP;
        daemon.diskIsSlow = true;
    }

    @Test
    void unlockAfterTheFirstLockFreesIt() {
        var locked = send(peer.version.lock().call(), peer.lockArgs(lock, true, false));
        var unlocked = unlock();
        world.settle();
        assertThat(locked).isNotDone();
        assertThat(unlocked).isNotDone();

        theDiskIsDone();

        assertThat(status(locked)).isEqualTo(NlmStatus.GRANTED);
        assertThat(status(unlocked)).isEqualTo(NlmStatus.GRANTED);
        nothingIsLeft();
    }

    @Test
    void cancelAfterTheFirstLockEndsItsWait() {
        LocalOwner holder = daemon.lockLocally("holder");
        var blocked = send(peer.version.lock().call(), peer.lockArgs(lock, true, true));
        CancelArgs args = peer.cancelArgs(lock, true);
        var cancelled = send(peer.version.cancel().call(), args);
        world.settle();

        theDiskIsDone();

        assertThat(status(blocked)).isEqualTo(NlmStatus.BLOCKED);
        assertThat(status(cancelled)).isEqualTo(NlmStatus.GRANTED);
        daemon.unlockLocally(holder);
        nothingIsLeft();
    }

    @Test
    void aLockThatWasGivenBackAndTakenAgainIsHeld() {
        for (int i = 0; i < 2; i++) {
            var taken = send(peer.version.lock().call(), peer.lockArgs(lock, true, false));
            var givenBack = unlock();
            assertThat(taken).isNotDone();
            assertThat(givenBack).isNotDone();
        }
        var last = send(peer.version.lock().call(), peer.lockArgs(lock, false, false));
        world.settle();

        theDiskIsDone();

        assertThat(status(last)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isOne();
    }

    @Test
    void messagesKeepTheirOrderToo() {
        LockArgs first = peer.lockArgs(lock, true, false);
        peer.send(peer.version.lock(), first);
        peer.send(peer.version.unlock(), new UnlockArgs(peer.cookie(), lock));
        world.settle();

        theDiskIsDone();

        assertThat(peer.received("LOCK_RES"))
                .extracting(each -> ((StatusReply) each.content()).status())
                .containsExactly(NlmStatus.GRANTED);
        assertThat(peer.received("UNLOCK_RES")).hasSize(1);
        nothingIsLeft();
    }

    @Test
    void sharesKeepTheirOrderToo() {
        var one = send(peer.version.share(), peer.shareArgs("a", Share.READ, Share.WRITE, false));
        var back =
                send(peer.version.unshare(), peer.shareArgs("a", Share.READ, Share.WRITE, false));
        var other = send(peer.version.share(), peer.shareArgs("b", Share.READ, Share.WRITE, false));
        var all = send(peer.version.freeAll(), new FreeAllArgs(peer.name, peer.state));
        world.settle();
        assertThat(all).isNotDone();

        theDiskIsDone();

        assertThat(one.join().status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(back.join().status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(other.join().status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(all).isDone();
        nothingIsLeft();
    }

    @Test
    void aHostThatCannotBeRememberedHasNothingAfterwards() {
        daemon.refusesToMonitor = true;
        daemon.diskIsSlow = false;
        var locked = send(peer.version.lock().call(), peer.lockArgs(lock, true, false));
        var unlocked = unlock();
        world.settle();

        assertThat(status(locked)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(status(unlocked)).isEqualTo(NlmStatus.GRANTED);
        nothingIsLeft();
    }

    /** Messages have no reply that the server could count: they have a limit of their own. */
    @Test
    void aFloodOfMessagesBehindASlowDiskIsRefused() {
        int more = 10;
        for (int i = 0; i < 1 + RequestLine.PLACES_MAX + more; i++) {
            peer.send(peer.version.lock(), peer.lockArgs(peer.describe(i, i, 1), true, false));
            world.settle();
        }
        assertThat(daemon.nlm.statistics().answered("LOCK", NlmStatus.DENIED_NOLOCKS))
                .isEqualTo(more);

        theDiskIsDone();

        assertThat(daemon.counts().locks()).isEqualTo(1L + RequestLine.PLACES_MAX);
    }

    private <A, R> CompletableFuture<R> send(Procedure<A, R> procedure, A args) {
        return peer.client.call(peer.target(), procedure, args, ScriptedPeer.OPTIONS);
    }

    private CompletableFuture<StatusReply> unlock() {
        return send(peer.version.unlock().call(), new UnlockArgs(peer.cookie(), lock));
    }

    private NlmStatus status(CompletableFuture<StatusReply> reply) {
        return world.await(reply).status();
    }

    private void theDiskIsDone() {
        daemon.diskIsSlow = false;
        while (!daemon.diskWork.isEmpty()) {
            List<Runnable> work = List.copyOf(daemon.diskWork);
            daemon.diskWork.clear();
            work.forEach(Runnable::run);
        }
        world.settle();
    }

    private void nothingIsLeft() {
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();
        assertThat(daemon.counts().shares()).isZero();
    }
}
