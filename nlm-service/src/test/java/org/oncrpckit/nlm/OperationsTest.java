package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.xdr.Opaque;

/** Each operation by itself. */
class OperationsTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);

    @Test
    void testSaysWhoIsInTheWay() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 100, 0, true);

        TestOutcome outcome = two.test(two.owner(), World.FILE, 0, 200, false);

        assertThat(outcome).isInstanceOf(TestOutcome.Conflict.class);
        var found = ((TestOutcome.Conflict) outcome).holder();
        assertThat(found.exclusive()).isTrue();
        assertThat(found.svid()).isEqualTo(holder.svid());
        assertThat(found.ownerHandle()).isEqualTo(holder.handle());
        assertThat(found.offset()).isEqualTo(100);
        assertThat(found.length()).isZero();
    }

    @Test
    void bug08_testLeavesNothing() {
        for (int i = 0; i < 1000; i++) {
            assertThat(two.test(two.owner(), World.FILE, i, 1, true).status())
                    .isEqualTo(NlmStatus.GRANTED);
        }
        assertThat(daemon.counts()).isEqualTo(new NlmCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    void ownLocksAreNotInTheWay() {
        Owner owner = one.owner();
        one.lock(owner, World.FILE, 0, 10, true);
        assertThat(one.test(owner, World.FILE, 0, 10, true).status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.lock(owner, World.FILE, 0, 10, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.lock(two.owner(), World.FILE, 0, 10, false)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void bug26_theSameRangeInAnotherModeIsConverted() {
        Owner owner = one.owner();
        one.lock(owner, World.FILE, 0, 10, false);
        one.lock(owner, World.FILE, 0, 10, true);
        assertThat(two.lock(two.owner(), World.FILE, 0, 1, false)).isEqualTo(NlmStatus.DENIED);
    }

    @ParameterizedTest
    @CsvSource({
        "-9223372036854775808, 0, FILE_TOO_BIG",
        "-1, 1, FILE_TOO_BIG",
        "9223372036854775807, 2, FILE_TOO_BIG",
        "9223372036854775807, 1, GRANTED",
        "0, -9223372036854775808, GRANTED",
        "0, -1, GRANTED",
        "1, -9223372036854775808, FILE_TOO_BIG",
    })
    void bug01_rangesBeyondWhatAnOffsetCanName(long offset, long length, NlmStatus expected) {
        assertThat(one.lock(one.owner(), World.FILE, offset, length, true)).isEqualTo(expected);
        assertThat(two.test(two.owner(), World.OTHER_FILE, offset, length, true).status())
                .isEqualTo(expected);
    }

    @Test
    void handlesThatNameNoFileAreStale() {
        for (Opaque each : List.of(Opaque.EMPTY, Opaque.copyOf(new byte[65]))) {
            assertThat(one.lock(one.owner(), each, 0, 0, true))
                    .isEqualTo(NlmStatus.STALE_FILE_HANDLE);
            assertThat(one.test(one.owner(), each, 0, 0, true).status())
                    .isEqualTo(NlmStatus.STALE_FILE_HANDLE);
            assertThat(one.close(one.owner(), each)).isEqualTo(NlmStatus.GRANTED);
        }
        assertThat(one.lock(one.owner(), Opaque.copyOf(new byte[64]), 0, 0, true))
                .isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void anOwnerMayHaveAnyHandle() {
        Owner nameless = new Owner(1, Opaque.EMPTY);
        Owner longest = new Owner(1, Opaque.copyOf(new byte[1024]));
        assertThat(one.lock(nameless, World.FILE, 0, 10, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.lock(longest, World.FILE, 0, 10, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(one.lock(longest, World.FILE, 10, 10, true)).isEqualTo(NlmStatus.GRANTED);
        TestOutcome outcome = two.test(two.owner(), World.FILE, 0, 10, true);
        assertThat(((TestOutcome.Conflict) outcome).holder().ownerHandle()).isEqualTo(Opaque.EMPTY);
        one.close(nameless, World.FILE);
        one.close(longest, World.FILE);
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void oneOwnerOnTwoServerAddressesIsTwo() {
        Owner owner = one.owner();
        one.lock(owner, World.FILE, 0, 10, true);
        one.server = World.SECOND;
        assertThat(one.lock(owner, World.FILE, 0, 10, true)).isEqualTo(NlmStatus.DENIED);
        one.close(owner, World.FILE);
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void cookiesComeBackByteForByte() {
        for (int length : new int[] {0, 1, 33, 1024}) {
            Opaque cookie = Opaque.copyOf(new byte[length]);
            WireLock lock = one.describe(one.owner(), World.FILE, 0, 0);
            var reply =
                    world.await(
                            one.client.call(
                                    one.target(),
                                    NlmVersion.V4.unlock().call(),
                                    new UnlockArgs(cookie, lock),
                                    CallOptions.DEFAULT));
            assertThat(reply.cookie()).isEqualTo(cookie);
        }
    }

    @Test
    void bug49_hostileNamesAreLabelsOnly() {
        HostName hostile = new HostName(Opaque.ofUtf8("../../%n%s\0\n/" + "x".repeat(900)));
        WireLock lock = new WireLock(hostile, World.FILE, Opaque.EMPTY, 1, 0, 0);
        var args = new LockArgs(Opaque.EMPTY, false, true, lock, false, one.state);
        var reply =
                world.await(
                        one.client.call(
                                one.target(),
                                NlmVersion.V4.lock().call(),
                                args,
                                CallOptions.DEFAULT));
        assertThat(reply.status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.nlm.listing().hosts())
                .singleElement()
                .satisfies(host -> assertThat(host.callerName()).isEqualTo(hostile));
    }

    @Test
    void nothingIsPromisedBeforeTheHostIsOnStableStorage() {
        daemon.diskIsSlow = true;
        var reply = one.sendLock(one.owner(), World.FILE, 0, 0, true, false, false);
        world.settle();
        assertThat(reply).isNotDone();
        assertThat(daemon.counts().locks()).isZero();

        List.copyOf(daemon.diskWork).forEach(Runnable::run);
        assertThat(world.await(reply)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.nsm.monitoredHosts()).isEqualTo(1);
    }

    @Test
    void aHostThatCannotBeRememberedGetsNoLocks() {
        daemon.refusesToMonitor = true;
        assertThat(one.lock(one.owner(), World.FILE, 0, 0, true))
                .isEqualTo(NlmStatus.DENIED_NOLOCKS);
        assertThat(daemon.nlm.statistics().monitoringFailed()).isEqualTo(1);
        daemon.refusesToMonitor = false;
        assertThat(one.lock(one.owner(), World.FILE, 0, 0, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void aLockWithoutMonitoringIsNotRemembered() {
        WireLock lock = one.describe(one.owner(), World.FILE, 0, 0);
        var args = new LockArgs(Opaque.EMPTY, false, true, lock, false, one.state);
        var reply =
                world.await(
                        one.client.call(
                                one.target(),
                                NlmVersion.V4.unmonitoredLock(),
                                args,
                                CallOptions.DEFAULT));
        assertThat(reply.status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.nsm.monitoredHosts()).isZero();
    }
}
