package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodecs;

/** A handler that may answer later: at once, later, twice, from another thread. */
class AsyncCallTest {
    private static final Procedure<Integer, Integer> ASK =
            new Procedure<>(Echo.V1, 1, "ASK", XdrCodecs.INT, XdrCodecs.INT);

    private static final String ACCEPTED = "00000001000000000000000000000000";

    private BiConsumer<AsyncCall<Integer>, Integer> handler = AsyncCall::answer;

    private final SimulatedServer simulated =
            new SimulatedServer(
                    RpcProgram.builder(Echo.NUMBER, "ask")
                            .asynchronous(ASK, (call, n) -> handler.accept(call, n))
                            .build());
    private final SimulatedServer.Caller caller = simulated.caller(Transport.TCP, "10.0.0.2");

    @Test
    void answeredAtOnceItWaitsForNothing() {
        List<Long> waiting = new ArrayList<>();
        handler =
                (call, n) -> {
                    call.afterReply(() -> waiting.add(bytesWaiting()));
                    assertThat(call.answer(n)).isTrue();
                    waiting.add(bytesWaiting());
                };

        caller.call(7, ASK, 5);

        assertThat(caller.reply()).isEqualTo("00000007" + ACCEPTED + "00000000" + "00000005");
        assertThat(waiting).containsExactly(0L, 0L);
        simulated.time.advance(Duration.ofMinutes(1));
        assertThat(caller.replies).as("no time limit was left behind").isEmpty();
        assertThat(count(CallOutcome.TIME_LIMIT)).isZero();
    }

    @Test
    void notAnsweredItCountsUntilItIs() {
        List<AsyncCall<Integer>> calls = new ArrayList<>();
        handler = (call, n) -> calls.add(call);

        caller.call(7, ASK, 5);

        assertThat(bytesWaiting()).isEqualTo(HostLoads.CALL_BYTES + Integer.BYTES);
        assertThat(calls.get(0).answer(6)).isTrue();
        assertThat(calls.get(0).answer(7)).isFalse();
        assertThat(calls.get(0).fail(new IllegalStateException("too late"))).isFalse();
        simulated.time.advance(SimulatedServer.SOON);
        assertThat(caller.reply()).isEqualTo("00000007" + ACCEPTED + "00000000" + "00000006");
        assertThat(bytesWaiting()).isZero();
    }

    @Test
    void duplicateOfACallInProgressRunsAnIdempotentHandlerAgain() {
        List<AsyncCall<Integer>> calls = new ArrayList<>();
        simulated.server.addProgram(
                RpcProgram.builder(Echo.NUMBER, "ask")
                        .idempotentAsynchronous(ASK, (call, n) -> calls.add(call))
                        .build());

        caller.call(7, ASK, 5);
        caller.call(7, ASK, 5);

        assertThat(calls).hasSize(2);
        calls.forEach(each -> each.answer(6));
        simulated.time.advance(SimulatedServer.SOON);
        assertThat(caller.replies).hasSize(2);
        assertThat(bytesWaiting()).isZero();
    }

    @Test
    void failureThatIsToldIsAsGoodAsOneThatIsThrown() {
        handler =
                (call, n) -> {
                    if (n == 0) {
                        call.fail(new CallRejectedException(AuthStatus.AUTH_TOOWEAK));
                    } else {
                        call.fail(new IllegalStateException("on purpose"));
                    }
                };

        caller.call(7, ASK, 0);
        assertThat(caller.reply()).isEqualTo("00000007" + "00000001000000010000000100000005");

        caller.call(8, ASK, 1);
        assertThat(caller.reply()).isEqualTo("00000008" + ACCEPTED + "00000005");
    }

    @Test
    void answerOfAnotherThreadMayMeetTheReturnOfTheHandler() {
        int calls = Integer.getInteger("calls", 2_000);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            handler = (call, n) -> other.execute(() -> call.answer(n));
            for (int n = 0; n < calls; n++) {
                caller.call(n, ASK, n);
            }
            await().until(() -> simulated.server.statistics().callsInProgress() == 0);
        } finally {
            other.shutdownNow();
        }

        assertThat(bytesWaiting()).isZero();
        assertThat(count(CallOutcome.SUCCESS)).isEqualTo(calls);
        simulated.time.advance(Duration.ofMinutes(1));
        assertThat(caller.replies).hasSize(calls);
        assertThat(simulated.server.statistics().lateResults()).isZero();
    }

    private long bytesWaiting() {
        return simulated.server.statistics().bytesWaiting();
    }

    private long count(CallOutcome outcome) {
        return simulated.server.statistics().count(outcome);
    }
}
