package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/** Whatever a handler does, its caller gets one reply; of a one-way procedure, none. */
class ExactlyOneReplyTest {
    private static final String ACCEPTED = "00000001000000000000000000000000";
    private static final String SYSTEM_ERR = "00000007" + ACCEPTED + "00000005";

    private final Echo echo = new Echo();
    private final RecordingListener listener = new RecordingListener();
    private final SimulatedServer simulated =
            new SimulatedServer(builder -> builder.program(echo.program()).listener(listener));
    private final SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");

    @ParameterizedTest
    @ValueSource(
            classes = {
                IllegalStateException.class,
                IOException.class,
                AssertionError.class,
                StackOverflowError.class,
                OutOfMemoryError.class,
                NoClassDefFoundError.class
            })
    void whateverIsThrownIsSystemErr(Class<? extends Throwable> type) {
        echo.hook =
                (call, argument) -> {
                    throw ExactlyOneReplyTest.<RuntimeException>sneaky(
                            type.getDeclaredConstructor().newInstance());
                };

        caller.call(7, Echo.HOOK, 1);

        assertThat(caller.reply()).isEqualTo(SYSTEM_ERR);
        assertThat(listener.events)
                .containsExactly("ended SYSTEM_ERR", "failed " + type.getSimpleName());
        echo.hook = (call, argument) -> argument;
        caller.call(8, Echo.HOOK, 1);
        assertThat(caller.reply()).startsWith("00000008" + ACCEPTED + "00000000");
    }

    @Test
    void rejectionByTheHandlerIsAuthError() {
        echo.hook =
                (call, argument) -> {
                    throw new CallRejectedException(AuthStatus.AUTH_TOOWEAK);
                };

        caller.call(7, Echo.HOOK, 1);

        assertThat(caller.reply()).isEqualTo("00000007" + "00000001000000010000000100000005");
        assertThat(listener.events).containsExactly("ended AUTH_ERROR");
    }

    @Test
    void resultsThatCannotBeEncodedAreSystemErr() {
        Procedure<Nothing, String> tooLong =
                new Procedure<>(Echo.V1, 9, "LONG", XdrCodecs.VOID, XdrCodecs.string(4));
        Procedure<Nothing, String> none =
                new Procedure<>(Echo.V1, 10, "NULL RESULT", XdrCodecs.VOID, XdrCodecs.string(4));
        Procedure<Nothing, String> huge =
                new Procedure<>(Echo.V1, 11, "HUGE", XdrCodecs.VOID, XdrCodecs.string(1 << 20));
        simulated.server.addProgram(
                echo.builder()
                        .procedure(tooLong, (call, nothing) -> "longer than four")
                        .procedure(none, (call, nothing) -> null)
                        .procedure(huge, (call, nothing) -> "x".repeat(65_500))
                        .build());

        caller.call(7, tooLong, Nothing.NOTHING);
        assertThat(caller.reply()).isEqualTo(SYSTEM_ERR);
        caller.call(7, none, Nothing.NOTHING);
        assertThat(caller.reply()).isEqualTo(SYSTEM_ERR);
        caller.call(7, huge, Nothing.NOTHING);
        assertThat(caller.reply()).as("longer than a datagram").isEqualTo(SYSTEM_ERR);
        SimulatedServer.Caller overTcp = simulated.caller(Transport.TCP, "10.0.0.3");
        overTcp.call(7, huge, Nothing.NOTHING);
        assertThat(overTcp.reply()).hasSize(2 * (24 + 4 + 65_500));
    }

    @Test
    void stageThatNeverCompletesIsSystemErrAndItsLateResultIsDropped() {
        caller.call(7, Echo.LATER, "never");
        simulated.time.advance(Duration.ofSeconds(29));
        assertThat(caller.replies).isEmpty();

        simulated.time.advance(Duration.ofSeconds(1));
        assertThat(caller.reply()).isEqualTo(SYSTEM_ERR);

        echo.later.get(0).complete("late");
        simulated.time.advance(SimulatedServer.SOON);
        assertThat(caller.replies).isEmpty();
        assertThat(listener.events).containsExactly("ended TIME_LIMIT", "late");
        assertThat(simulated.server.statistics().callsInProgress()).isZero();
        assertThat(simulated.server.statistics().lateResults()).isEqualTo(1);
    }

    @Test
    void timeLimitOfTheProgramWins() {
        simulated.server.addProgram(echo.builder().timeLimit(Duration.ofSeconds(2)).build());

        caller.call(7, Echo.LATER, "never");
        simulated.time.advance(Duration.ofSeconds(2));

        assertThat(caller.reply()).isEqualTo(SYSTEM_ERR);
    }

    @Test
    void stageThatFailsIsSystemErrOrRejection() {
        caller.call(7, Echo.LATER, "fails");
        echo.later.get(0).completeExceptionally(new IllegalStateException("disk gone"));
        simulated.time.advance(SimulatedServer.SOON);
        assertThat(caller.reply()).isEqualTo(SYSTEM_ERR);

        caller.call(8, Echo.LATER, "refuses");
        echo.later.get(1).completeExceptionally(new CallRejectedException(AuthStatus.AUTH_TOOWEAK));
        simulated.time.advance(SimulatedServer.SOON);
        assertThat(caller.reply()).isEqualTo("00000008" + "00000001000000010000000100000005");
    }

    @Test
    void oneWayProcedureGetsNoReplyEvenWhenItFails() {
        caller.call(7, Echo.TELL, "hear");
        assertThat(echo.executed).containsExactly("hear");
        Procedure<Nothing, Nothing> fails =
                new Procedure<>(Echo.V1, 9, "FAILS", XdrCodecs.VOID, XdrCodecs.VOID);
        simulated.server.addProgram(
                echo.builder()
                        .oneWay(
                                fails,
                                (call, nothing) -> {
                                    throw new IllegalStateException("disk gone");
                                })
                        .build());
        caller.call(8, fails, Nothing.NOTHING);

        assertThat(caller.replies).isEmpty();
        assertThat(listener.events)
                .containsExactly(
                        "ended ONE_WAY", "ended SYSTEM_ERR", "failed IllegalStateException");
    }

    @Test
    void actionsRunOnceAfterTheReplyHasLeft() {
        List<String> order = new ArrayList<>();
        simulated.network.trace(event -> order.add(event.fate() + " " + event.transport()));
        List<CallContext> contexts = new ArrayList<>();
        echo.hook =
                (call, argument) -> {
                    contexts.add(call);
                    call.afterReply(() -> order.add("action"));
                    call.afterReply(
                            () -> {
                                throw new IllegalStateException("an action may fail");
                            });
                    call.afterReply(() -> order.add("second action"));
                    order.add("handler");
                    return argument;
                };

        caller.call(7, Echo.HOOK, 1);

        assertThat(order)
                .containsExactly(
                        "SENT UDP",
                        "DELIVERED UDP",
                        "handler",
                        "SENT UDP",
                        "action",
                        "second action",
                        "DELIVERED UDP");
        contexts.get(0).afterReply(() -> order.add("afterwards"));
        assertThat(order).endsWith("afterwards");
    }

    @Test
    void actionsRunAlsoWhenTheHandlerFailsOrThereIsNoReply() {
        List<String> ran = new ArrayList<>();
        Procedure<Nothing, Nothing> oneWay =
                new Procedure<>(Echo.V1, 9, "ONE WAY", XdrCodecs.VOID, XdrCodecs.VOID);
        simulated.server.addProgram(
                echo.builder()
                        .oneWay(
                                oneWay,
                                (call, nothing) -> {
                                    call.afterReply(() -> ran.add("no reply"));
                                    return nothing;
                                })
                        .build());
        echo.hook =
                (call, argument) -> {
                    call.afterReply(() -> ran.add("error"));
                    throw new IllegalStateException("disk gone");
                };

        caller.call(7, Echo.HOOK, 1);
        caller.call(8, oneWay, Nothing.NOTHING);

        assertThat(ran).containsExactly("error", "no reply");
    }

    @Test
    void listenerThatThrowsHasNoEffect() {
        simulated.server.close();
        SimulatedServer other =
                new SimulatedServer(
                        builder ->
                                builder.program(echo.program())
                                        .listener(
                                                new RpcServerListener() {
                                                    @Override
                                                    public void callEnded(
                                                            CallContext call, CallOutcome outcome) {
                                                        throw new IllegalStateException("no");
                                                    }
                                                }));
        SimulatedServer.Caller client = other.caller(Transport.TCP, "10.0.0.2");
        client.call(7, Echo.ECHO, "a");
        client.call(8, Echo.ECHO, "b");

        assertThat(client.replies).hasSize(2);
        assertThat(other.server.statistics().callsInProgress()).isZero();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
