package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.WireLock;

/**
 * macOS: one-way messages over UDP only, cookies of eight bytes, an owner handle of sixteen bytes
 * that is the same for all processes, and CANCEL before each repeated LOCK.
 */
class MacClientTest {
    private static final String LOCKD = "lockd pid & time";
    private static final Duration POLL = Duration.ofSeconds(4);

    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final ScriptedPeer mac = new ScriptedPeer(world, 1, NlmVersion.V4);
    private final ScriptedPeer other = new ScriptedPeer(world, 2, NlmVersion.V4);
    private final WireLock wanted = mac.describe(501, LOCKD, World.FILE, 0, 0);
    private final WireLock othersWanted = other.describe(1, 0, 0);

    @BeforeEach
    void habits() {
        mac.cookieBytes = 8;
    }

    /** What macOS does when its patience is at an end. */
    private NlmStatus pollOnce() {
        assertThat(mac.cancelMessage(wanted, true)).isEqualTo(NlmStatus.GRANTED);
        return mac.lockMessage(wanted, true, true);
    }

    @Test
    void twoProcessesAreTwoOwnersAlthoughTheirHandleIsTheSame() {
        assertThat(mac.lockMessage(wanted, true, false)).isEqualTo(NlmStatus.GRANTED);
        WireLock second = mac.describe(502, LOCKD, World.FILE, 0, 0);
        assertThat(mac.lockMessage(second, true, false)).isEqualTo(NlmStatus.DENIED);
        assertThat(mac.unlockMessage(wanted)).isEqualTo(NlmStatus.GRANTED);
        assertThat(mac.lockMessage(second, true, false)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void cancellingBeforeEachRepetitionDoesNotCostTheTurn() {
        LocalOwner holder = daemon.lockLocally("holder");
        assertThat(mac.lockMessage(wanted, true, true)).isEqualTo(NlmStatus.BLOCKED);
        assertThat(other.lock(othersWanted, true, true)).isEqualTo(NlmStatus.BLOCKED);
        for (int i = 0; i < 5; i++) {
            world.time.advance(POLL);
            assertThat(pollOnce()).isEqualTo(NlmStatus.BLOCKED);
        }

        daemon.unlockLocally(holder);
        world.settle();

        assertThat(mac.grants()).hasSize(1);
        assertThat(other.grants()).isEmpty();
        assertThat(mac.unlockMessage(wanted)).isEqualTo(NlmStatus.GRANTED);
        world.settle();
        assertThat(other.grants()).hasSize(1);
    }

    @Test
    void aGrantBetweenCancelAndLockIsTheAnswerToTheLock() {
        LocalOwner holder = daemon.lockLocally("holder");
        mac.lockMessage(wanted, true, true);
        other.lock(othersWanted, true, true);
        assertThat(mac.cancelMessage(wanted, true)).isEqualTo(NlmStatus.GRANTED);

        daemon.unlockLocally(holder);

        assertThat(mac.lockMessage(wanted, true, true)).isEqualTo(NlmStatus.GRANTED);
        world.time.advance(World.MINUTE);
        assertThat(mac.grants()).isEmpty();
        assertThat(other.grants()).isEmpty();
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void aCancelThatIsMeantLeavesTheQueueToTheNext() {
        LocalOwner holder = daemon.lockLocally("holder");
        mac.lockMessage(wanted, true, true);
        other.lock(othersWanted, true, true);
        mac.cancelMessage(wanted, true);
        assertThat(daemon.counts().waiters()).isEqualTo(2);

        world.time.advance(KeptPlaces.TIME);

        assertThat(daemon.counts().waiters()).isEqualTo(1);
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(other.grants()).hasSize(1);
        assertThat(mac.grants()).isEmpty();
    }

    @Test
    void aLockThatIsGrantedToSomebodyWhoHasGoneIsPassedOn() {
        LocalOwner holder = daemon.lockLocally("holder");
        mac.lockMessage(wanted, true, true);
        other.lock(othersWanted, true, true);
        mac.cancelMessage(wanted, true);

        daemon.unlockLocally(holder);

        assertThat(world.within(KeptPlaces.TIME.plusMillis(50), () -> !other.grants().isEmpty()))
                .isTrue();
        assertThat(mac.grants()).isEmpty();
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void cancellingAgainDoesNotKeepThePlaceForLonger() {
        daemon.lockLocally("holder");
        mac.lockMessage(wanted, true, true);
        for (int i = 0; i < 4; i++) {
            mac.cancelMessage(wanted, true);
            world.time.advance(KeptPlaces.TIME.dividedBy(3));
        }
        assertThat(daemon.counts().waiters()).isZero();
    }

    /** It holds another file, and waits for the one that the holder has. */
    private WireLock holdsOneAndWaits() {
        WireLock held = mac.describe(501, LOCKD, World.OTHER_FILE, 0, 0);
        assertThat(mac.lockMessage(held, true, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(mac.lockMessage(wanted, true, true)).isEqualTo(NlmStatus.BLOCKED);
        return held;
    }

    @Test
    void aRequestThatWasCancelledMakesNoDeadlock() {
        WireLock othersNext = other.describe(1, "1@" + other.name, World.OTHER_FILE, 0, 0);
        assertThat(other.lock(othersWanted, true, true)).isEqualTo(NlmStatus.GRANTED);
        WireLock held = holdsOneAndWaits();
        assertThat(other.lock(othersNext, true, true)).isEqualTo(NlmStatus.DEADLOCK);
        assertThat(mac.cancelMessage(wanted, true)).isEqualTo(NlmStatus.GRANTED);

        assertThat(other.lock(othersNext, true, true)).isEqualTo(NlmStatus.BLOCKED);

        // Whoever asks last has the deadlock.
        assertThat(mac.lockMessage(wanted, true, true)).isEqualTo(NlmStatus.DEADLOCK);
        mac.unlockMessage(held);
        world.settle();
        assertThat(other.grants()).hasSize(1);
        assertThat(daemon.counts().locks()).isEqualTo(2);
        assertThat(daemon.counts().waiters()).isZero();
    }

    @Test
    void aRequestThatWasCancelledMakesNoDeadlockForALocalProcess() {
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock held = holdsOneAndWaits();
        FileId file = World.Files.id(World.OTHER_FILE);
        CompletionStage<LocalOutcome> refused =
                daemon.nlm.local().lock(holder, file, LockRange.ALL, LockMode.EXCLUSIVE).outcome();
        assertThat(refused).isCompletedWithValue(LocalOutcome.DEADLOCK);
        mac.cancelMessage(wanted, true);

        CompletionStage<LocalOutcome> waits =
                daemon.nlm.local().lock(holder, file, LockRange.ALL, LockMode.EXCLUSIVE).outcome();
        assertThat(waits.toCompletableFuture()).isNotDone();

        mac.unlockMessage(held);
        assertThat(waits).isCompletedWithValue(LocalOutcome.GRANTED);
    }

    @Test
    void aLockGrantedToSomebodyWhoHasGoneMakesNoDeadlock() {
        LocalOwner holder = daemon.lockLocally("holder");
        WireLock first = other.describe(1, "1@" + other.name, World.OTHER_FILE, 0, 9);
        assertThat(other.lock(first, true, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(mac.lockMessage(wanted, true, true)).isEqualTo(NlmStatus.BLOCKED);
        WireLock second = mac.describe(501, LOCKD, World.OTHER_FILE, 0, 9);
        assertThat(mac.lockMessage(second, true, true)).isEqualTo(NlmStatus.BLOCKED);
        mac.cancelMessage(wanted, true);
        daemon.unlockLocally(holder); // The place is kept, and has the lock now.

        assertThat(other.lock(othersWanted, true, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().waiters()).isEqualTo(1);
    }

    @Test
    void closingTheFileGivesUpThePlaceAtOnce() {
        LocalOwner holder = daemon.lockLocally("holder");
        mac.lockMessage(wanted, true, true);
        mac.cancelMessage(wanted, true);
        daemon.unlockLocally(holder);
        assertThat(daemon.counts().locks()).isEqualTo(1);

        mac.unlockMessage(wanted);

        assertThat(daemon.counts()).isEqualTo(new NlmCounts(0, 0, 0, 1, 0, 0));
    }

    @Test
    void aCancelThatCrossesTheGrantIsDeniedAndTheNextLockIsGranted() {
        LocalOwner holder = daemon.lockLocally("holder");
        mac.lockMessage(wanted, true, true);
        mac.answersGrants = false;
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(mac.grants()).hasSize(1);

        assertThat(mac.cancelMessage(wanted, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(mac.lockMessage(wanted, true, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void bug20_aRepeatedMessageHasTheSameResultAgain() {
        LockArgs args = mac.lockArgs(wanted, true, false);
        mac.message(mac.version.lock(), args, args.cookie());
        mac.sendAgain(mac.version.lock().message());
        world.settle();

        assertThat(mac.received("LOCK_RES"))
                .extracting(ScriptedPeer.Received::content)
                .hasSize(2)
                .containsOnly(new StatusReply(args.cookie(), NlmStatus.GRANTED));
        mac.unlockMessage(wanted);
        mac.sendAgain(mac.version.lock().message());
        world.settle();
        assertThat(daemon.counts().locks()).isZero();
    }
}
