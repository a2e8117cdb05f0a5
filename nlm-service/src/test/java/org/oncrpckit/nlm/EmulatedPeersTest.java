package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.Share;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.rpc.transport.Transport;

/** Scripts with the habits of systems that are not at hand; macOS has a class of its own. */
class EmulatedPeersTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final ScriptedPeer peer = new ScriptedPeer(world, 1, NlmVersion.V4);
    private final ScriptedPeer other = new ScriptedPeer(world, 2, NlmVersion.V4);

    // FreeBSD: UDP, svid is the pid, oh "svid@host"; polls after 5 s, doubling to 30 s; compares
    // svid, offset, length and handle of a grant; believes it has the lock when CANCEL is denied.

    @Test
    void freebsdPollsAndNeverQueuesTwice() {
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock wanted = peer.describe(4711, 0, 0);
        peer.rpcbind.clear(); // No call-back reaches it: it lives by polling.
        int seconds = 5;
        for (int i = 0; i < 4; i++) {
            assertThat(peer.lock(wanted, true, true)).isEqualTo(NlmStatus.BLOCKED);
            world.time.advance(Duration.ofSeconds(seconds));
            seconds = Math.min(30, 2 * seconds);
        }
        assertThat(daemon.counts().waiters()).isEqualTo(1);
        daemon.unlockLocally(holder);
        assertThat(peer.lock(wanted, true, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void freebsd20_aLateRefusalDoesNotFreeWhatThePollWasGranted() {
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock wanted = peer.describe(4711, 0, 0);
        peer.lock(wanted, true, true);
        peer.answersGrants = false;
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(peer.lock(wanted, true, true)).isEqualTo(NlmStatus.GRANTED);

        peer.answer(peer.grants().get(0).cookie(), NlmStatus.DENIED);
        world.settle();

        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(other.lock(other.describe(1, 0, 0), true, false)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void freebsd19_oneOwnerWaitsForTheSameRangeOfTwoFiles() {
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock first = peer.describe(1, "1@peer1", World.FILE, 0, 10);
        WireLock second = peer.describe(1, "1@peer1", World.OTHER_FILE, 0, 10);
        other.lock(other.describe(1, "1@peer2", World.OTHER_FILE, 0, 0), true, false);
        assertThat(peer.lock(first, true, true)).isEqualTo(NlmStatus.BLOCKED);
        assertThat(peer.lock(second, true, true)).isEqualTo(NlmStatus.BLOCKED);
        assertThat(daemon.counts().waiters()).isEqualTo(2);

        assertThat(peer.cancel(second, true)).isEqualTo(NlmStatus.GRANTED);
        daemon.unlockLocally(holder);
        world.settle();

        assertThat(peer.grants()).singleElement().extracting(TestArgs::lock).isEqualTo(first);
    }

    // illumos: its host number in the owner handle, which it needs back in a grant; believes that
    // it has the lock when CANCEL is denied; repeats LOCK every 5 s.

    @Test
    void illumosGetsItsOwnerHandleBackAndTheTruthFromCancel() {
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock wanted = peer.describe(99, "\u0000\u0000\u0000\u0007", World.FILE, 16, 4);
        peer.lock(wanted, true, true);
        assertThat(peer.cancel(wanted, true)).isEqualTo(NlmStatus.GRANTED);
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(peer.grants()).isEmpty();
        assertThat(daemon.counts().locks()).isZero();
        assertThat(peer.cancel(wanted, true))
                .as("nothing there: not its lock")
                .isEqualTo(NlmStatus.GRANTED);

        LocalOwner again = daemon.lockLocally("again");
        peer.lock(wanted, true, true);
        peer.answersGrants = false;
        daemon.unlockLocally(again);
        world.settle();
        assertThat(peer.grants()).singleElement().extracting(TestArgs::lock).isEqualTo(wanted);
        assertThat(peer.cancel(wanted, true)).isEqualTo(NlmStatus.DENIED);
        world.time.advance(World.MINUTE);
        assertThat(daemon.counts().locks()).as("it believes that it has the lock").isEqualTo(1);
    }

    // Windows: length 2^64-1 for the rest of the file, several shares of one owner.

    @Test
    void windowsLocksToTheEndWithAllOnes() {
        WireLock all = peer.describe(1, 100, -1L);
        assertThat(peer.lock(all, true, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(other.lock(other.describe(1, Long.MAX_VALUE, 1), true, false))
                .isEqualTo(NlmStatus.DENIED);
        assertThat(other.lock(other.describe(1, 0, 100), true, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(peer.unlock(all)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void windowsOpensTwiceAndClosesTwice() {
        peer.share("pid 4", Share.READ_WRITE, Share.WRITE);
        peer.share("pid 4", Share.READ_WRITE, Share.WRITE);
        peer.unshare("pid 4", Share.READ_WRITE, Share.WRITE);
        assertThat(other.share("b", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.DENIED);
        peer.unshare("pid 4", Share.READ_WRITE, Share.WRITE);
        assertThat(other.share("b", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
    }

    // Linux over NFS version 2: NLM 1, handles of 32 bytes, offset and length clamped to 2^31-1.

    @Test
    void linuxVersionOneWaitsAndIsGranted() {
        ScriptedPeer linux = new ScriptedPeer(world, 3, NlmVersion.V1);
        linux.transport = Transport.TCP;
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock wanted =
                linux.describe(0, "0@linux", World.FILE, Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(linux.lock(wanted, true, true)).isEqualTo(NlmStatus.BLOCKED);
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(linux.grants()).singleElement().extracting(TestArgs::lock).isEqualTo(wanted);
        assertThat(linux.unlock(linux.describe(0, "0@linux", World.FILE, 0, 0)))
                .isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isZero();
    }
}
