package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.protocol.Holder;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.xdr.Opaque;

/** Versions 1 and 3: offsets, lengths, handles and statuses at their edges. */
class NarrowVersionsTest {
    private static final long GIB_4 = 1L << 32;

    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final ScriptedPeer peer = new ScriptedPeer(world, 1, NlmVersion.V1);

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, -1",
        "5, 0, 5, -1",
        "4294967295, 0, 4294967295, -1",
        "0, 4294967295, 0, 4294967294",
        "1, 4294967295, 1, 4294967295",
        "4294967295, 1, 4294967295, 4294967295",
        "2147483647, 2147483647, 2147483647, 4294967293",
        "2147483648, 2147483648, 2147483648, 4294967295",
    })
    void rangesAreJustWhatTheySay(long offset, long length, long first, long last) {
        assertThat(peer.lock(peer.describe(1, offset, length), true, false))
                .isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.nlm.listing().locks(Scope.everything()))
                .singleElement()
                .extracting(ListedLock::range)
                .isEqualTo(new LockRange(first, last));
        peer.unlock(peer.describe(1, offset, length));
        assertThat(daemon.counts().locks()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"2, 4294967295", "4294967295, 2", "4294967295, 4294967295"})
    void rangesThatEndBeyondAreNoLocks(long offset, long length) {
        for (NlmVersion each : new NlmVersion[] {NlmVersion.V1, NlmVersion.V3}) {
            ScriptedPeer any = new ScriptedPeer(world, 10 + each.number(), each);
            WireLock lock = any.describe(1, offset, length);
            assertThat(any.lock(lock, true, false)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
            assertThat(any.lockMessage(lock, true, true)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
            assertThat(any.test(lock, true).status()).isEqualTo(NlmStatus.DENIED_NOLOCKS);
            assertThat(any.unlock(lock)).isEqualTo(NlmStatus.GRANTED);
            assertThat(any.cancel(lock, true)).isEqualTo(NlmStatus.GRANTED);
        }
        assertThat(daemon.counts().locks()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // held from, to: reported offset, length
        "10, 19, 10, 10",
        "0, 4294967294, 0, 4294967295",
        "0, 4294967295, 0, 0",
        "1, 4294967295, 1, 4294967295",
        "7, 4294967296, 7, 0",
        "7, -1, 7, 0",
        "4294967295, 4294967295, 4294967295, 1",
        "4294967296, 4294967300, 4294967295, 0",
        "1099511627776, -1, 4294967295, 0",
    })
    void aHolderIsReportedByTheLeastRangeThatCoversIt(
            long first, long last, long offset, long length) {
        daemon.nlm
                .local()
                .tryLock(
                        LocalOwner.of("holder", 1),
                        World.Files.id(World.FILE),
                        new LockRange(first, last),
                        LockMode.EXCLUSIVE);
        TestOutcome outcome = peer.test(peer.describe(1, 0, 0), false);
        Holder holder = ((TestOutcome.Conflict) outcome).holder();
        assertThat(holder.offset()).isEqualTo(offset);
        assertThat(holder.length()).isEqualTo(length);
    }

    @Test
    void whatIsHeldBehindFourGibIsNotInTheWayOfWhatIsBefore() {
        ScriptedPeer wide = new ScriptedPeer(world, 2, NlmVersion.V4);
        assertThat(wide.lock(wide.describe(1, GIB_4, 0), true, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(peer.lock(peer.describe(1, GIB_4 - 1, 1), true, false))
                .isEqualTo(NlmStatus.GRANTED);
        assertThat(peer.lock(peer.describe(1, GIB_4 - 1, 0), true, false))
                .isEqualTo(NlmStatus.DENIED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 33, 64, 1024})
    void handlesOfAnotherLengthAreNoLocks(int length) {
        Opaque handle = Opaque.copyOf(new byte[length]);
        WireLock lock = peer.describe(1, "owner", handle, 0, 0);
        assertThat(peer.lock(lock, true, false)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(peer.test(lock, true).status()).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(peer.unlock(lock)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void aDeadlockIsDenied() {
        WireLock left = peer.describe(1, 0, 1);
        WireLock right = peer.describe(2, 1, 1);
        peer.lock(left, true, false);
        peer.lock(right, true, false);
        assertThat(peer.lock(peer.describe(1, 1, 1), true, true)).isEqualTo(NlmStatus.BLOCKED);
        assertThat(peer.lock(peer.describe(2, 0, 1), true, true)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void oneOwnerInTwoVersionsIsTwo() {
        ScriptedPeer wide = new ScriptedPeer(world, 2, NlmVersion.V4);
        WireLock lock = peer.describe(1, 0, 10);
        peer.lock(lock, true, false);
        assertThat(wide.test(lock, true).status()).isEqualTo(NlmStatus.DENIED);
        wide.unlock(lock);
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void bug02_aGrantHasTheBytesOfTheRequest() {
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock wanted = peer.describe(1, 4294967295L, 1);
        peer.lock(wanted, true, true);
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(peer.grants()).singleElement().extracting(TestArgs::lock).isEqualTo(wanted);
    }
}
