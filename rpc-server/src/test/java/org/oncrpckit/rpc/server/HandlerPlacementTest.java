package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodecs;

/** Where handlers run, and what happens when there is no room. Workers are real threads. */
class HandlerPlacementTest {
    private static final int BLOCKING = 0x2000_0202;
    private static final Procedure<String, String> BLOCK =
            new Procedure<>(
                    new ProgramVersion(BLOCKING, 1),
                    1,
                    "BLOCK",
                    XdrCodecs.string(100),
                    XdrCodecs.string(100));
    private static final Procedure<String, String> DEFER =
            new Procedure<>(
                    new ProgramVersion(BLOCKING, 1),
                    2,
                    "DEFER",
                    XdrCodecs.string(100),
                    XdrCodecs.string(100));

    private final Echo echo = new Echo();
    private final RecordingListener listener = new RecordingListener();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final SimulatedServer simulated =
            new SimulatedServer(
                    builder ->
                            builder.program(echo.program())
                                    .program(blocking(new HandlerPlacement.Workers(1, 2)))
                                    .limits(ServerLimits.DEFAULT.withCallsInProgress(100, 3))
                                    .listener(listener));

    @AfterEach
    void releaseWorkers() {
        release.countDown();
        simulated.server.close();
    }

    @Test
    void blockedWorkersDelayNoOtherProgram() {
        SimulatedServer.Caller caller = simulated.caller(Transport.TCP, "10.0.0.2");
        caller.call(1, BLOCK, "forever");
        await().until(() -> begun.size() == 1);

        caller.call(2, Echo.ECHO, "at once");

        assertThat(caller.reply()).startsWith("00000002");
        release.countDown();
        awaitReplies(caller, 1);
        assertThat(caller.reply()).startsWith("00000001").endsWith("666f726576657200");
    }

    @Test
    void datagramsThatFindNoRoomAreDroppedAndMayComeAgain() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(0, BLOCK, "runs");
        await().until(() -> begun.size() == 1);
        for (int xid = 1; xid <= 5; xid++) {
            caller.call(xid, BLOCK, "waits");
        }
        assertThat(simulated.server.statistics().count(CallOutcome.OVERLOADED)).isEqualTo(3);
        assertThat(simulated.server.statistics().callsInProgress()).isEqualTo(3);

        release.countDown();
        awaitReplies(caller, 3);
        caller.call(5, BLOCK, "waits");
        awaitReplies(caller, 4);
        assertThat(caller.replies.get(3)).startsWith("00000005");
    }

    @Test
    void connectionThatFindsNoRoomWaitsAndLosesNothing() {
        SimulatedServer.Caller caller = simulated.caller(Transport.TCP, "10.0.0.2");
        for (int xid = 0; xid < 50; xid++) {
            caller.endpoint.send(
                    simulated.address,
                    ByteBuffer.wrap(SimulatedServer.call(xid, BLOCK, "call " + xid)));
        }
        simulated.time.advance(SimulatedServer.SOON);
        await().until(() -> begun.size() == 1);
        // One executes, two have a place, one was read before the connection was told to wait.
        assertThat(simulated.server.statistics().callsInProgress()).isLessThanOrEqualTo(4);

        release.countDown();
        awaitReplies(caller, 50);
        assertThat(begun).hasSize(50);
        assertThat(simulated.server.statistics().count(CallOutcome.SUCCESS)).isEqualTo(50);
        assertThat(simulated.server.statistics().connections()).isEqualTo(1);
    }

    @Test
    void callThatWaitedBeyondItsTimeLimitIsNotExecuted() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(1, BLOCK, "runs");
        await().until(() -> begun.size() == 1);
        caller.call(2, BLOCK, "waits");

        simulated.time.advance(Duration.ofSeconds(31));

        assertThat(caller.replies).hasSize(2).allMatch(reply -> reply.endsWith("00000005"));
        release.countDown();
        await().until(() -> simulated.server.statistics().lateResults() == 1);
        caller.call(3, BLOCK, "after");
        awaitReplies(caller, 3);
        assertThat(begun).containsExactly("runs", "after");
    }

    @Test
    void hostThatHasItsShareOfCallsInProgressGetsNoMore() {
        SimulatedServer.Caller greedy = simulated.caller(Transport.UDP, "10.0.0.2");
        SimulatedServer.Caller modest = simulated.caller(Transport.UDP, "10.0.0.3");
        for (int xid = 0; xid < 10; xid++) {
            greedy.call(xid, Echo.LATER, "a");
        }
        modest.call(0, Echo.LATER, "b");
        assertThat(echo.executed).containsExactly("a", "a", "a", "b");
        assertThat(simulated.server.statistics().count(CallOutcome.OVERLOADED)).isEqualTo(7);

        echo.later.forEach(stage -> stage.complete("done"));
        greedy.call(9, Echo.LATER, "a");
        assertThat(echo.executed).hasSize(5);
        assertThat(simulated.server.statistics().callsInProgress()).isEqualTo(1);
    }

    @Test
    void connectionOverItsShareIsReadAgainWhenACallHasEnded() {
        SimulatedServer.Caller caller = simulated.caller(Transport.TCP, "10.0.0.2");
        for (int xid = 0; xid < 10; xid++) {
            caller.call(xid, Echo.LATER, "call");
        }
        assertThat(echo.executed).as("the share of three, and the one already read").hasSize(4);

        for (int i = 0; i < 10; i++) {
            echo.later.get(i).complete("done");
            simulated.time.advance(SimulatedServer.SOON);
        }
        assertThat(caller.replies).hasSize(10);
    }

    @Test
    void asynchronousHandlersMayRunOnWorkers() {
        release.countDown();
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(1, DEFER, "text");

        awaitReplies(caller, 1);
        assertThat(caller.reply()).endsWith("7465787400000000".substring(0, 8));
        await().until(() -> simulated.server.statistics().callsInProgress() == 0);
    }

    @Test
    void replacedProgramEndsWhatItHasBegun() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(1, BLOCK, "old");
        await().until(() -> begun.size() == 1);
        caller.call(2, BLOCK, "old, waits");

        simulated.server.addProgram(blocking(new HandlerPlacement.Inline()));
        release.countDown();
        caller.call(3, BLOCK, "new");
        awaitReplies(caller, 3);
        assertThat(begun).containsExactlyInAnyOrder("old", "old, waits", "new");

        simulated.server.removeProgram(BLOCKING);
        caller.replies.clear();
        caller.call(4, BLOCK, "gone");
        assertThat(caller.reply()).endsWith("00000001");
    }

    @Test
    void boundsMustBePositive() {
        assertThatThrownBy(() -> new HandlerPlacement.Workers(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 threads");
    }

    private RpcProgram blocking(HandlerPlacement placement) {
        return RpcProgram.builder(BLOCKING, "blocking")
                .placement(placement)
                .procedure(
                        BLOCK,
                        (call, text) -> {
                            begun.add(text);
                            if (!release.await(60, TimeUnit.SECONDS)) {
                                throw new IllegalStateException("never released");
                            }
                            return text;
                        })
                .asynchronous(
                        DEFER,
                        (call, text) -> call.answerFrom(CompletableFuture.supplyAsync(() -> text)))
                .build();
    }

    private void awaitReplies(SimulatedServer.Caller caller, int count) {
        await().until(
                        () -> {
                            simulated.time.advance(SimulatedServer.SOON);
                            return caller.replies.size() >= count;
                        });
        assertThat(caller.replies).hasSize(count);
    }
}
