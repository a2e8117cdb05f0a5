package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.client.CallStyle;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.LockWait;
import org.oncrpckit.nlm.client.NlmClient;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nlm.relay.RelayLimits;
import org.oncrpckit.nlm.relay.RelayProtocol;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/** Several lock clients behind one daemon, which also serves locks. */
class RelayTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final LockAnswer GRANTED = new LockAnswer.Granted();

    private World world;
    private World.Daemon server;
    private JavaClient holder;
    private RelayHost host;

    @BeforeEach
    void start() {
        world = new World();
        server = world.start();
        holder = new JavaClient(world, 1);
        host = new RelayHost(world, 1);
    }

    private NlmLock held() {
        return held(holder.client, holder.whole());
    }

    private NlmLock held(NlmClient client, NlmLock lock) {
        assertThat(world.await(client.tryLock(lock))).isEqualTo(GRANTED);
        return lock;
    }

    private void waiters(int count) {
        assertThat(world.within(World.MINUTE, () -> server.counts().waiters() == count)).isTrue();
    }

    @Test
    void grantReachesTheProcessThatWaitsAndNoOther() {
        host.start();
        NlmClient first = host.process();
        NlmClient second = host.process();
        NlmLock lock = held();
        LockWait one = first.lock(host.whole(first), HOUR);
        waiters(1);
        LockWait two = second.lock(host.whole(second), HOUR);
        waiters(2);
        assertThat(host.relay.connections()).isEqualTo(2);

        world.await(holder.client.unlock(lock));
        assertThat(world.within(World.SECOND_1, () -> one.answer().isDone())).isTrue();
        assertThat(two.answer()).isNotDone();
        world.await(first.unlock(one.lock()));
        assertThat(world.within(World.SECOND_1, () -> two.answer().isDone())).isTrue();
        assertThat(two.answer().join()).isEqualTo(GRANTED);
        world.await(second.unlock(two.lock()));
        world.settle();
        assertThat(host.relay.expectations()).isZero();
        assertThat(server.counts().unacknowledged()).isZero();
    }

    @Test
    void processesCallThemselvesAsTheDaemonDoes() {
        host.start();
        NlmClient process = host.process();
        held(process, host.whole(process));
        assertThat(server.nlm.listing().locks(Scope.everything()))
                .singleElement()
                .satisfies(lock -> assertThat(lock.toString()).contains(RelayHost.NAME.toString()));
    }

    @Test
    void killedProcessTakesNoGrantAndTheNextInTheQueueHasIt() {
        host.start();
        NlmClient first = host.builder().onClose(NlmClient.Closing.LEAVE).build();
        NlmClient second = host.process();
        NlmLock lock = held();
        LockWait one = first.lock(host.whole(first), HOUR);
        waiters(1);
        LockWait two = second.lock(host.whole(second), HOUR);
        waiters(2);
        world.await(first.closeAsync().toCompletableFuture());
        world.settle();
        assertThat(one.answer()).isCompletedExceptionally();
        assertThat(host.relay.connections()).isEqualTo(1);
        assertThat(host.relay.expectations()).isEqualTo(1);

        world.await(holder.client.unlock(lock));
        assertThat(world.await(two.answer())).isEqualTo(GRANTED);
    }

    @Test
    void processThatIsTooSlowIsTakenForNone() {
        host.limits = new RelayLimits(16, 16, 16, 16, Duration.ofSeconds(5));
        host.start();
        // A process that announces itself and then does nothing about what comes.
        RpcClient silent = RpcClient.builder(world.network.platform(host.host)).build();
        RpcTarget daemon = RpcTarget.unix(UnixDomainSocketAddress.of(RelayHost.SOCKET));
        world.await(silent.call(daemon, RelayProtocol.HELLO, Nothing.NOTHING, CallOptions.DEFAULT));
        ScriptedLockServer remote = new ScriptedLockServer(world, NlmVersion.V4);
        WireLock description =
                new WireLock(RelayHost.NAME, World.FILE, Opaque.ofUtf8("owner"), 7, 0, 0);
        long token =
                world.await(
                        silent.call(
                                daemon,
                                RelayProtocol.EXPECT_GRANT,
                                new RelayProtocol.ExpectedGrant(
                                        remote.address,
                                        new TestArgs(Opaque.EMPTY, true, description)),
                                CallOptions.DEFAULT));
        assertThat(token).isNotZero();
        CompletableFuture<NlmStatus> verdict =
                remote.grant(host.address, World.NLM_PORT, true, description);
        world.time.advance(Duration.ofSeconds(4));
        assertThat(verdict).isNotDone();
        world.time.advance(Duration.ofSeconds(2));
        assertThat(verdict).isCompletedWithValue(NlmStatus.DENIED);
    }

    @Test
    void grantOfAnUnknownLockOrFromAnotherHostIsDenied() {
        host.start();
        NlmClient process = host.process();
        held();
        LockWait wait = process.lock(host.whole(process), HOUR);
        waiters(1);
        ScriptedLockServer forger = new ScriptedLockServer(world, NlmVersion.V4);
        WireLock description =
                new WireLock(
                        RelayHost.NAME,
                        World.FILE,
                        wait.lock().owner().handle(),
                        wait.lock().owner().svid(),
                        0,
                        0);
        assertThat(world.await(forger.grant(host.address, World.NLM_PORT, true, description)))
                .isEqualTo(NlmStatus.DENIED);
        assertThat(wait.answer()).isNotDone();
    }

    @Test
    void oneConnectionCannotForgetWhatAnotherWaitsFor() {
        host.limits = new RelayLimits(2, 2, 3, 16, Duration.ofSeconds(5));
        host.start();
        RpcTarget daemon = RpcTarget.unix(UnixDomainSocketAddress.of(RelayHost.SOCKET));
        RpcClient one = connected(daemon);
        RpcClient two = connected(daemon);
        long first = expect(one, daemon, 1);
        assertThat(expect(one, daemon, 2)).isNotZero();
        assertThat(expect(one, daemon, 3)).as("one more than a process may").isZero();
        assertThat(expect(two, daemon, 4)).isNotZero();
        assertThat(expect(two, daemon, 5)).as("one more than all may").isZero();
        world.await(two.call(daemon, RelayProtocol.FORGET, first, CallOptions.DEFAULT));
        assertThat(host.relay.expectations()).isEqualTo(3);
        one.close();
        world.settle();
        assertThat(host.relay.expectations()).isEqualTo(1);
    }

    private RpcClient connected(RpcTarget daemon) {
        RpcClient client = RpcClient.builder(world.network.platform(host.host)).build();
        world.await(client.call(daemon, RelayProtocol.HELLO, Nothing.NOTHING, CallOptions.DEFAULT));
        return client;
    }

    private long expect(RpcClient client, RpcTarget daemon, int number) {
        return world.await(
                client.call(
                        daemon,
                        RelayProtocol.EXPECT_RESULT,
                        new RelayProtocol.ExpectedResult(
                                World.SERVER, Opaque.ofUtf8("cookie " + number)),
                        CallOptions.DEFAULT));
    }

    @Test
    void resultsOfOneWayCallsAreRelayedToo() {
        host.start();
        NlmClient process = host.builder().style(CallStyle.ONE_WAY).build();
        NlmLock mine = held(process, host.whole(process));
        assertThat(world.await(process.test(mine.withRange(new LockRange(5, 6)))))
                .isEqualTo(new LockAnswer.Test.Free());
        world.await(process.unlock(mine));
        world.settle();
        assertThat(server.counts().locks()).isZero();
        assertThat(host.relay.expectations()).isZero();
    }

    @Test
    void lockThatIsAskedForAgainAndAgainIsExpectedOnce() {
        host.start();
        NlmClient process = host.process();
        NlmLock mine = host.whole(process);
        for (int i = 0; i < 5; i++) {
            for (LockMode mode : LockMode.values()) {
                LockWait wait = process.lock(mine.withMode(mode), HOUR);
                assertThat(world.await(wait.answer())).isEqualTo(GRANTED);
            }
        }
        assertThat(host.relay.expectations()).isEqualTo(LockMode.values().length);
        world.await(process.unlock(mine));
        world.settle();
        assertThat(host.relay.expectations()).isZero();
    }

    @Test
    void lockThatIsLostIsNotExpectedAnyMore() {
        host.start();
        NlmClient process = host.process();
        NlmLock mine = host.whole(process);
        assertThat(world.await(process.lock(mine, HOUR).answer())).isEqualTo(GRANTED);
        assertThat(host.relay.expectations()).isEqualTo(1);
        server.kill();
        server = world.start(builder -> builder.grace(Duration.ZERO));
        server.lockLocally("quicker");
        server.notifyFormerHosts();
        assertThat(world.within(World.MINUTE, () -> process.held().isEmpty())).isTrue();
        world.settle();
        assertThat(host.relay.expectations()).isZero();
    }

    @Test
    void processesReclaimWhenTheServerRestarts() {
        host.start();
        NlmClient process = host.process();
        NlmLock mine = held(process, host.whole(process));
        server.kill();
        server = world.start();
        server.notifyFormerHosts();
        assertThat(world.within(World.MINUTE, () -> host.reclaimed.size() == 1)).isTrue();
        assertThat(host.reclaimed).containsExactly(mine);
    }

    /** The end of one process and the beginning of the other cross. */
    @Test
    void serverThatOneProcessNeedsNoLongerIsWatchedForAnother() {
        host.unmonitorDelay = World.SECOND_1;
        host.start();
        NlmClient first = host.process();
        world.await(first.tryLock(host.whole(first, World.OTHER_FILE)));
        world.await(first.closeAsync().toCompletableFuture());
        NlmClient second = host.process();
        NlmLock mine = held(second, host.whole(second));
        world.time.advance(World.MINUTE);
        server.kill();
        server = world.start();
        server.notifyFormerHosts();
        assertThat(world.within(World.MINUTE, () -> host.reclaimed.contains(mine))).isTrue();
    }

    @Test
    void waitsAndLocksSurviveARestartOfTheDaemon() {
        host.start();
        NlmClient process = host.process();
        NlmLock other = held(process, host.whole(process, World.OTHER_FILE));
        NlmLock lock = held();
        LockWait wait = process.lock(host.whole(process), HOUR);
        waiters(1);

        // The daemon alone: its clients are processes of their own.
        host.restartDaemon();
        assertThat(world.within(World.MINUTE, () -> host.regained.size() == 1)).isTrue();
        assertThat(host.regained).containsExactly(other);
        waiters(1);
        world.await(holder.client.unlock(lock));
        assertThat(world.await(wait.answer())).isEqualTo(GRANTED);
        assertThat(process.held()).hasSize(2);
        assertThat(server.counts().locks()).isEqualTo(2);
    }

    @Test
    void processesChangeOverToADaemonThatStartsLater() {
        NlmClient process = host.process();
        NlmLock other = host.whole(process, World.OTHER_FILE);
        assertThat(world.await(process.lock(other, HOUR).answer())).isEqualTo(GRANTED);
        NlmLock lock = held();
        LockWait wait = process.lock(host.whole(process), HOUR);
        waiters(1);
        host.start();
        assertThat(world.within(Duration.ofSeconds(5), () -> host.relay.connections() == 1))
                .isTrue();
        world.settle();
        assertThat(host.relay.expectations()).as("what waits, and what is held").isEqualTo(2);
        world.await(holder.client.unlock(lock));
        assertThat(world.within(World.SECOND_1, () -> wait.answer().isDone())).isTrue();
        assertThat(wait.answer().join()).isEqualTo(GRANTED);
        server.kill();
        server = world.start();
        server.notifyFormerHosts();
        assertThat(world.within(World.MINUTE, () -> host.reclaimed.size() == 2)).isTrue();
        world.await(process.closeAsync().toCompletableFuture());
        assertThat(server.counts().locks()).isZero();
        world.settle();
        assertThat(host.relay.connections()).isZero();
    }

    @Test
    void processThatEndsLooksForNoDaemonAnyMore() {
        NlmClient process = host.process();
        world.await(process.tryLock(host.whole(process)));
        world.await(process.closeAsync().toCompletableFuture());
        host.start();
        world.time.advance(World.MINUTE);
        assertThat(host.relay.connections()).isZero();
    }

    @Test
    void withoutADaemonTheClientIsCalledBackItself() {
        NlmClient process = host.builder().callBackPort(World.NLM_PORT).build();
        host.serveRpcbind();
        NlmLock lock = held();
        LockWait wait = process.lock(host.whole(process), HOUR);
        waiters(1);
        world.await(holder.client.unlock(lock));
        assertThat(world.within(World.SECOND_1, () -> wait.answer().isDone())).isTrue();
        assertThat(wait.answer().join()).isEqualTo(GRANTED);
        world.settle();
        assertThat(world.calls(100021, NlmVersion.V4.granted().result().number())).isNotEmpty();
        assertThat(wait.lock().server().transport()).isEqualTo(Transport.TCP);
    }
}
