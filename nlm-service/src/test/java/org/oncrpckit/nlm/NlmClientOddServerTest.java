package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.LockWait;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmServer;
import org.oncrpckit.nlm.client.ServerRejectedException;
import org.oncrpckit.nlm.client.ServerUnreachableException;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** What the client does when grants come early, late, twice, or to nobody, and servers are odd. */
class NlmClientOddServerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final LockAnswer GRANTED = new LockAnswer.Granted();
    private static final LockAnswer GIVEN_UP = new LockAnswer.GivenUp();

    private World world;
    private ScriptedLockServer server;
    private JavaClient java;

    @BeforeEach
    void start() {
        world = new World();
        server = new ScriptedLockServer(world, NlmVersion.V4);
        java = new JavaClient(world, 1);
    }

    private NlmLock lock() {
        return ScriptedLockServer.lock(java.client.newOwner(), 0, 9);
    }

    private void answer(NlmStatus status) {
        server.onLock = args -> ScriptedLockServer.now(status);
    }

    /** A wait whose LOCK was answered BLOCKED. */
    private LockWait blocked(NlmLock lock) {
        answer(NlmStatus.BLOCKED);
        int before = server.locks.size();
        LockWait wait = java.client.lock(lock, HOUR);
        assertThat(world.within(World.MINUTE, () -> server.locks.size() > before)).isTrue();
        world.settle();
        return wait;
    }

    private LockArgs last() {
        return server.locks.get(server.locks.size() - 1);
    }

    @Test
    void grantThatOvertakesTheBlockedReplyIsTaken() {
        CompletableFuture<NlmStatus> reply = new CompletableFuture<>();
        server.onLock = args -> reply;
        LockWait wait = java.client.lock(lock(), HOUR);
        assertThat(world.within(World.MINUTE, () -> !server.locks.isEmpty())).isTrue();

        assertThat(world.await(server.grant(java, last()))).isEqualTo(NlmStatus.GRANTED);
        assertThat(wait.answer()).isCompletedWithValue(GRANTED);
        reply.complete(NlmStatus.BLOCKED);
        world.settle();
        assertThat(java.client.held()).containsExactly(wait.lock());
    }

    @Test
    void grantThatNobodyWaitsForIsDenied() {
        LockWait wait = blocked(lock());
        WireLock ours = last().lock();
        WireLock otherFile =
                new WireLock(
                        ours.callerName(),
                        World.OTHER_FILE,
                        ours.ownerHandle(),
                        ours.svid(),
                        ours.offset(),
                        ours.length());
        WireLock otherRange =
                new WireLock(ours.callerName(), World.FILE, ours.ownerHandle(), ours.svid(), 0, 11);
        WireLock otherOwner =
                new WireLock(ours.callerName(), World.FILE, Opaque.EMPTY, ours.svid(), 0, 10);
        WireLock noFile =
                new WireLock(
                        ours.callerName(),
                        Opaque.EMPTY,
                        ours.ownerHandle(),
                        ours.svid(),
                        ours.offset(),
                        ours.length());
        for (WireLock each : new WireLock[] {otherFile, otherRange, otherOwner, noFile}) {
            assertThat(world.await(server.grant(java, true, each))).isEqualTo(NlmStatus.DENIED);
        }
        assertThat(world.await(server.grant(java, false, ours))).isEqualTo(NlmStatus.DENIED);
        assertThat(wait.answer()).isNotDone();
    }

    @Test
    void grantFromAnotherHostIsDenied() {
        LockWait wait = blocked(lock());
        ScriptedLockServer forger =
                new ScriptedLockServer(world, World.address("10.0.3.2"), NlmVersion.V4);
        assertThat(world.await(forger.grant(java, last()))).isEqualTo(NlmStatus.DENIED);
        assertThat(wait.answer()).isNotDone();
    }

    @Test
    void grantIsConfirmedAgainWhileTheLockIsHeldAndDeniedAfterwards() {
        LockWait wait = blocked(lock());
        LockArgs request = last();
        assertThat(world.await(server.grant(java, request))).isEqualTo(NlmStatus.GRANTED);
        assertThat(world.await(server.grant(java, request))).isEqualTo(NlmStatus.GRANTED);

        world.await(java.client.unlock(wait.lock()));
        assertThat(world.await(server.grant(java, request))).isEqualTo(NlmStatus.DENIED);
        assertThat(java.client.held()).isEmpty();
    }

    @Test
    void grantOfAnEarlierWaitOfTheSameOwnerIsNotBelieved() {
        LockWait first = blocked(lock());
        LockArgs request = last();
        world.await(server.grant(java, request));
        world.await(java.client.unlock(first.lock()));

        LockWait second = blocked(first.lock());
        int asked = server.locks.size();
        assertThat(world.await(server.grant(java, request))).isEqualTo(NlmStatus.GRANTED);
        world.settle();
        assertThat(server.locks).hasSize(asked + 1);
        assertThat(second.answer()).isNotDone();

        answer(NlmStatus.GRANTED);
        world.await(server.grant(java, last()));
        assertThat(world.await(second.answer())).isEqualTo(GRANTED);
    }

    @Test
    void cancelThatCrossesTheGrantGivesTheLockBack() {
        LockWait wait = blocked(lock());
        LockArgs request = last();
        server.onCancel =
                args -> server.grant(java, request).thenApply(verdict -> NlmStatus.DENIED);
        assertThat(world.await(wait.cancel())).isEqualTo(GIVEN_UP);
        assertThat(server.unlocks).hasSize(1);
        assertThat(java.client.held()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancelOfAnUpgradeThatCrossesTheGrantEndsAsTheServerHasIt(boolean granted) {
        NlmLock shared = lock().withMode(LockMode.SHARED);
        answer(NlmStatus.GRANTED);
        world.await(java.client.tryLock(shared));
        LockWait wait = blocked(shared.withMode(LockMode.EXCLUSIVE));
        LockArgs request = last();
        server.onCancel =
                args -> server.grant(java, request).thenApply(verdict -> NlmStatus.GRANTED);
        answer(granted ? NlmStatus.GRANTED : NlmStatus.DENIED);

        assertThat(world.await(wait.cancel())).isEqualTo(granted ? GRANTED : GIVEN_UP);
        assertThat(server.unlocks).isEmpty();
        assertThat(java.client.held())
                .containsExactly(granted ? shared.withMode(LockMode.EXCLUSIVE) : shared);
    }

    @Test
    void gracePeriodIsWaitedFor() {
        answer(NlmStatus.DENIED_GRACE_PERIOD);
        CompletableFuture<LockAnswer> tried = java.client.tryLock(lock());
        LockWait wait = java.client.lock(lock(), HOUR);
        world.time.advance(Duration.ofSeconds(20));
        assertThat(tried).isNotDone();
        answer(NlmStatus.GRANTED);
        assertThat(world.await(tried)).isEqualTo(GRANTED);
        assertThat(world.await(wait.answer())).isEqualTo(GRANTED);
    }

    @Test
    void gracePeriodThatOutlaststhePatienceIsARefusal() {
        answer(NlmStatus.DENIED_GRACE_PERIOD);
        CompletableFuture<LockAnswer> tried = java.client.tryLock(lock());
        world.time.advance(Duration.ofSeconds(61));
        assertThat(tried)
                .isCompletedWithValue(new LockAnswer.Refused(NlmStatus.DENIED_GRACE_PERIOD));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "DENIED_NOLOCKS",
                "READ_ONLY_FILE_SYSTEM",
                "STALE_FILE_HANDLE",
                "FILE_TOO_BIG"
            })
    void otherStatusesAreRefusals(NlmStatus status) {
        answer(status);
        LockAnswer refused = new LockAnswer.Refused(status);
        assertThat(world.await(java.client.tryLock(lock()))).isEqualTo(refused);
        assertThat(world.await(java.client.lock(lock(), HOUR).answer())).isEqualTo(refused);
    }

    /** In version 4 it is asked again: there a deadlock has a status of its own. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void denialOfARequestThatWaitsMayBeADeadlockBeforeVersion4(int number) {
        server = new ScriptedLockServer(world, World.address("10.0.3.3"), NlmVersion.of(number));
        answer(NlmStatus.DENIED);
        NlmLock lock =
                new NlmLock(
                        NlmServer.udp(server.address),
                        World.FILE,
                        java.client.newOwner(),
                        new LockRange(0, 9),
                        LockMode.EXCLUSIVE);
        LockWait wait = java.client.lock(lock, HOUR);
        if (number == 4) {
            assertThat(world.within(World.MINUTE, () -> server.locks.size() > 1)).isTrue();
            assertThat(wait.answer()).isNotDone();
        } else {
            assertThat(world.await(wait.answer()))
                    .isEqualTo(new LockAnswer.Refused(NlmStatus.DENIED));
        }
    }

    @Test
    void serverThatCannotCallBackIsPolledWithoutBlocking() {
        server.onLock =
                args -> ScriptedLockServer.now(args.block() ? NlmStatus.FAILED : NlmStatus.DENIED);
        LockWait wait = java.client.lock(lock(), HOUR);
        world.time.advance(Duration.ofSeconds(3));
        assertThat(last().block()).isFalse();
        assertThat(wait.answer()).isNotDone();
        answer(NlmStatus.GRANTED);
        assertThat(world.await(wait.answer())).isEqualTo(GRANTED);
    }

    @Test
    void serverThatMovesIsFoundAgain() {
        assertThat(world.await(java.client.tryLock(lock()))).isEqualTo(GRANTED);
        server.kill();
        server.serve(3001);
        assertThat(world.await(java.client.tryLock(lock()))).isEqualTo(GRANTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void olderVersionsAreUsedWhereThereIsNoOther(int number) {
        World other = new World();
        ScriptedLockServer old = new ScriptedLockServer(other, NlmVersion.of(number));
        JavaClient client = new JavaClient(other, 1);
        NlmLock small = ScriptedLockServer.lock(client.client.newOwner(), 10, 0xffff_ffffL);
        assertThat(other.await(client.client.tryLock(small))).isEqualTo(GRANTED);
        assertThat(old.locks.get(0).lock().offset()).isEqualTo(10);
        assertThat(old.locks.get(0).lock().length()).isEqualTo(0xffff_fff6L);

        CompletableFuture<LockAnswer> tooFar =
                client.client.tryLock(small.withRange(new LockRange(10, 0x1_0000_0000L)));
        Assertions.assertThatThrownBy(() -> other.await(tooFar))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ServerRejectedException.class);
    }

    @Test
    void versionMismatchLeadsToTheRightVersion() {
        World other = new World();
        ScriptedLockServer old = new ScriptedLockServer(other, NlmVersion.V3);
        // As version 2 of rpcbind's protocol may: it names the port for any version.
        old.rpcbind.set(NlmVersion.V4.programVersion(), Transport.UDP, ScriptedLockServer.PORT);
        JavaClient client = new JavaClient(other, 1);
        NlmLock lock =
                ScriptedLockServer.lock(client.client.newOwner(), 0, 9).withRange(LockRange.ALL);
        assertThat(other.await(client.client.tryLock(lock))).isEqualTo(GRANTED);
        assertThat(old.locks).hasSize(1);
    }

    @Test
    void deadServerEndsTheRequestInTimeAndIsToldLaterToLetGo() {
        assertThat(world.await(java.client.tryLock(lock()))).isEqualTo(GRANTED);
        CompletableFuture<NlmStatus> never = new CompletableFuture<>();
        server.onLock = args -> never;
        CompletableFuture<LockAnswer> tried = java.client.tryLock(lock());
        world.time.advance(Duration.ofSeconds(62));
        assertThat(tried).isCompletedExceptionally();
        Assertions.assertThatThrownBy(tried::join)
                .hasCauseInstanceOf(ServerUnreachableException.class)
                .hasMessageContaining("does not answer");
        assertThat(world.within(World.MINUTE, () -> server.unlocks.size() == 1)).isTrue();
    }
}
