package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.oncrpckit.lock.Scene.read;
import static org.oncrpckit.lock.Scene.write;

import org.junit.jupiter.api.Test;

/**
 * Cases that other lock managers got wrong. Ranges are written as first and last byte, where those
 * counted in offset and length.
 */
class OthersBugsTest {
    private final Scene scene = new Scene();

    @Test
    void smallerLockInsideAnEarlierOneDoesNotShortenIt() {
        scene.hold(write("a", 0, 9));
        scene.hold(write("a", 5, 6));
        assertThat(scene.held()).isEqualTo("a:0-9w");

        scene.hold(write("b", 20, 39));
        scene.hold(write("b", 25, 34));
        assertThat(scene.held()).isEqualTo("a:0-9w b:20-39w");
    }

    @Test
    void unlockInTheMiddleLeavesExactlyTheTwoEnds() {
        scene.hold(write("a", 0, 9));
        scene.unlock("a", 2, 4);
        assertThat(scene.held()).isEqualTo("a:0-1w a:5-9w");
    }

    @Test
    void tailOfALongLockKeepsItsEnd() {
        scene.hold(write("a", 0, 99));
        scene.unlock("a", 10, 29);
        assertThat(scene.held()).isEqualTo("a:0-9w a:30-99w");
    }

    @Test
    void unlockInsideALockToTheEndKeepsTheTail() {
        scene.hold(write("a", 100, LockRange.END));
        scene.unlock("a", 200, 299);
        assertThat(scene.held()).isEqualTo("a:100-199w a:300-18446744073709551615w");
    }

    @Test
    void writeInsideAReadReplacesThatPart() {
        scene.hold(read("a", 0, 9));
        scene.hold(write("a", 2, 4));
        assertThat(scene.held()).isEqualTo("a:0-1r a:2-4w a:5-9r");
    }

    @Test
    void downgradeLeavesNothingExclusiveBehind() {
        scene.hold(write("a", 0, 9));
        scene.hold(read("a", 0, 9));
        assertThat(scene.held()).isEqualTo("a:0-9r");
        scene.hold(read("b", 0, 9));
    }

    @Test
    void readersDoNotConflictInATest() {
        scene.hold(read("a", 0, 9));
        assertThat(scene.table.test(read("b", 0, 9))).isEmpty();
        assertThat(scene.table.test(write("b", 9, 9))).isPresent();
    }

    @Test
    void neighboursAreOneLock() {
        scene.hold(read("a", 0, 4));
        scene.hold(read("a", 10, 14));
        scene.hold(read("a", 5, 9));
        assertThat(scene.held()).isEqualTo("a:0-14r");
    }

    @Test
    void neighboursAtTheEdgesOfAllBytesAreNotJoinedAroundTheEnd() {
        scene.hold(write("a", 0, 0));
        scene.hold(write("a", LockRange.END, LockRange.END));
        assertThat(scene.held()).isEqualTo("a:0-0w a:18446744073709551615-18446744073709551615w");
        scene.hold(write("a", 1, LockRange.END - 1));
        assertThat(scene.held()).isEqualTo("a:0-18446744073709551615w");
    }

    @Test
    void rangesBeyondTheSignedHalfAreInOrder() {
        scene.hold(write("a", Long.MAX_VALUE, Long.MIN_VALUE));
        assertThat(scene.table.test(read("b", 0, Long.MAX_VALUE - 1))).isEmpty();
        assertThat(scene.table.test(read("b", Long.MIN_VALUE, LockRange.END))).isPresent();
    }

    @Test
    void readersAndAQueuedWriterDoNotMakeAFalseDeadlock() {
        scene.hold(read("a", 0, 0));
        scene.hold(read("b", 0, 0));
        scene.await(write("c", 0, 0));
        scene.await(write("a", 0, 0));
    }

    @Test
    void tryOfAnOwnerThatIsQueuedElsewhereIsNoDeadlock() {
        scene.hold(write("a", 0, 0));
        scene.await(write("b", 0, 0));
        scene.hold(write("a", 10, 10));
        assertThat(scene.ask(write("b", 10, 10), LockPolicy.TRY).status())
                .isEqualTo(LockOutcome.Status.DENIED);
    }

    @Test
    void failedUpgradeKeepsTheReadLock() {
        scene.hold(read("a", 0, 9));
        scene.hold(read("b", 0, 9));
        Ticket upgrade = scene.await(write("a", 0, 9));
        scene.table.cancel(upgrade);
        assertThat(scene.held()).isEqualTo("a:0-9r b:0-9r");
    }

    @Test
    void releaseOfASystemTakesItsWaitersToo() {
        LockOwner remote = LockOwner.of(new SystemId(7, 1), new byte[] {1}, 1);
        LockOwner sameNumber = LockOwner.of(new SystemId(8, 1), new byte[] {1}, 1);
        LockRequest shared =
                new LockRequest(Scene.FILE, remote, new LockRange(0, 9), LockMode.SHARED);
        scene.hold(shared);
        scene.hold(new LockRequest(Scene.FILE, sameNumber, new LockRange(0, 9), LockMode.SHARED));
        scene.hold(write("a", 20, 29));
        Ticket waits =
                scene.await(
                        new LockRequest(
                                Scene.FILE, remote, new LockRange(20, 20), LockMode.SHARED));
        Ticket upgrade =
                scene.await(
                        new LockRequest(
                                Scene.FILE, sameNumber, new LockRange(0, 9), LockMode.EXCLUSIVE));

        assertThat(scene.table.releaseSystem(remote.system()))
                .extracting(Effect::kind, Effect::ticket)
                .containsExactly(
                        tuple(Effect.Kind.ENDED, waits), tuple(Effect.Kind.GRANTED, upgrade));
        assertThat(scene.table.counts(Scope.of(remote.system())).isEmpty()).isTrue();
    }

    @Test
    void tenWaitersOfOneOwnerAllGetTheLockWhenTheHolderGoes() {
        scene.hold(write("holder", 0, 9));
        for (int i = 0; i < 10; i++) {
            scene.await(write("threads", 0, 9));
        }
        assertThat(scene.release("holder")).hasSize(10);
        assertThat(scene.held()).isEqualTo("threads:0-9w");
    }
}
