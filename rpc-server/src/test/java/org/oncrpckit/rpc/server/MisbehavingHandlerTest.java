package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;

/**
 * Every way in which a handler can go wrong, wherever and however it runs, over UDP and TCP: its
 * caller gets exactly one reply, the rest of the server notices nothing.
 */
class MisbehavingHandlerTest {
    private static final ProgramVersion VERSION = new ProgramVersion(0x2000_0401, 1);
    private static final int REPLY_BYTES_MAX = 4_096;

    /** Allows more than a reply may hold, and less than the longest text of these tests. */
    private static final XdrCodec<String> TEXT = XdrCodecs.string(10_000);

    private static final Procedure<Integer, String> PROCEDURE =
            new Procedure<>(VERSION, 1, "WRONG", XdrCodecs.INT, TEXT);

    private static final String ACCEPTED = "00000007" + "00000001" + "00000000" + "0".repeat(16);
    private static final String SYSTEM_ERR = ACCEPTED + "00000005";
    private static final String RESULTS = ACCEPTED + "00000000" + "00000005" + "6669727374000000";

    /** What a handler does. */
    enum Deed {
        THROWS_ERROR,
        THROWS_EXCEPTION,
        RETURNS_NOTHING,
        RESULTS_BEYOND_THEIR_CODEC,
        RESULTS_BEYOND_THE_LONGEST_REPLY,
        ANSWERS_TWICE,
        ANSWERS_THEN_THROWS,
        ANSWERS_AFTER_THE_TIME_LIMIT,
        NEVER_ANSWERS
    }

    /** What the handler returns. */
    enum Style {
        RESULTS,
        STAGE,
        RAW
    }

    private final List<Integer> begun = new CopyOnWriteArrayList<>();
    private final List<Runnable> lateAnswers = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<RpcServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        release.countDown();
        servers.forEach(RpcServer::close);
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Transport transport : List.of(Transport.UDP, Transport.TCP)) {
            for (Style style : Style.values()) {
                for (boolean workers : new boolean[] {false, true}) {
                    for (Deed deed : Deed.values()) {
                        if (isPossible(deed, style, workers)) {
                            cases.add(Arguments.of(deed, style, workers, transport));
                        }
                    }
                }
            }
        }
        return cases.stream();
    }

    /** A handler that returns its results answers once, when it returns. */
    private static boolean isPossible(Deed deed, Style style, boolean workers) {
        return switch (deed) {
            case ANSWERS_TWICE -> style != Style.RESULTS;
            case ANSWERS_THEN_THROWS -> style == Style.RAW;
            case ANSWERS_AFTER_THE_TIME_LIMIT, NEVER_ANSWERS -> style != Style.RESULTS || workers;
            default -> true;
        };
    }

    @ParameterizedTest(name = "{0}, {1}, workers: {2}, over {3}")
    @MethodSource("cases")
    void callerGetsExactlyOneReply(Deed deed, Style style, boolean workers, Transport transport) {
        SimulatedServer simulated = serve(deed, style, workers);
        SimulatedServer.Caller caller = simulated.caller(transport, "10.0.0.2");

        caller.call(7, PROCEDURE, 1);
        soon().until(() -> begun.size() == 1);
        boolean late = deed == Deed.ANSWERS_AFTER_THE_TIME_LIMIT;
        if (late || deed == Deed.NEVER_ANSWERS) {
            simulated.time.advance(ServerLimits.DEFAULT.handlerTimeLimit().minusSeconds(1));
            assertThat(caller.replies).as("before the time limit").isEmpty();
            simulated.time.advance(Duration.ofSeconds(1));
        }
        awaitReplies(simulated, caller, 1);
        boolean answered = deed == Deed.ANSWERS_TWICE || deed == Deed.ANSWERS_THEN_THROWS;
        assertThat(caller.replies).containsExactly(answered ? RESULTS : SYSTEM_ERR);

        if (late) {
            release.countDown();
            lateAnswers.forEach(Runnable::run);
        }
        if (late || answered) {
            soon().until(() -> simulated.server.statistics().lateResults() == 1);
        }
        soon().until(() -> simulated.server.statistics().callsInProgress() == 0);
        // A duplicate gets the same reply, and is not executed.
        caller.call(7, PROCEDURE, 1);
        simulated.time.advance(Duration.ofMinutes(1));
        assertThat(caller.replies).hasSize(2).element(1).isEqualTo(caller.replies.get(0));
        assertThat(begun).hasSize(1);

        caller.replies.clear();
        caller.call(8, Echo.ECHO, "alive");
        assertThat(caller.reply()).startsWith("00000008");
        assertThat(simulated.server.statistics().bytesWaiting()).isZero();
    }

    private SimulatedServer serve(Deed deed, Style style, boolean workers) {
        RpcProgram.Builder program =
                RpcProgram.builder(VERSION.program(), "wrong")
                        .placement(
                                workers
                                        ? new HandlerPlacement.Workers(1, 10)
                                        : new HandlerPlacement.Inline());
        switch (style) {
            case RESULTS -> program.procedure(PROCEDURE, (call, number) -> results(deed, number));
            case STAGE ->
                    program.asynchronous(
                            PROCEDURE, (call, number) -> call.answerFrom(stage(deed, number)));
            case RAW ->
                    program.raw(
                            VERSION.version(),
                            Repetition.REMEMBERED,
                            Map.of(),
                            call -> answer(deed, call));
        }
        SimulatedServer simulated =
                new SimulatedServer(
                        builder ->
                                builder.program(program.build())
                                        .program(new Echo().program())
                                        .limits(
                                                ServerLimits.DEFAULT.withReplyBytesMax(
                                                        REPLY_BYTES_MAX)));
        servers.add(simulated.server);
        return simulated;
    }

    private String results(Deed deed, int number) throws InterruptedException {
        begun.add(number);
        if (Set.of(Deed.ANSWERS_AFTER_THE_TIME_LIMIT, Deed.NEVER_ANSWERS).contains(deed)) {
            assertThat(release.await(1, TimeUnit.MINUTES)).isTrue();
        }
        return value(deed);
    }

    private CompletionStage<String> stage(Deed deed, int number) {
        begun.add(number);
        return switch (deed) {
            case ANSWERS_TWICE -> new CompletesTwice();
            case ANSWERS_AFTER_THE_TIME_LIMIT -> {
                CompletableFuture<String> stage = new CompletableFuture<>();
                lateAnswers.add(() -> stage.complete("first"));
                yield stage;
            }
            case NEVER_ANSWERS -> new CompletableFuture<>();
            case RETURNS_NOTHING -> null;
            default -> CompletableFuture.completedFuture(value(deed));
        };
    }

    private void answer(Deed deed, RawCall call) {
        begun.add(call.arguments().getInt(0));
        switch (deed) {
            case ANSWERS_TWICE -> {
                assertThat(call.answer(new RawReply.Results<>(TEXT, "first"))).isTrue();
                assertThat(call.answer(new RawReply.Results<>(TEXT, "second"))).isFalse();
            }
            case ANSWERS_THEN_THROWS -> {
                call.answer(new RawReply.Results<>(TEXT, "first"));
                throw new IllegalStateException("after the answer");
            }
            case ANSWERS_AFTER_THE_TIME_LIMIT ->
                    lateAnswers.add(() -> call.answer(new RawReply.Results<>(TEXT, "late")));
            case NEVER_ANSWERS -> {}
            default -> call.answer(new RawReply.Results<>(TEXT, value(deed)));
        }
    }

    private static String value(Deed deed) {
        return switch (deed) {
            case THROWS_ERROR -> throw new NoClassDefFoundError("half of an installation");
            case THROWS_EXCEPTION -> throw new IllegalStateException("disk gone");
            case RETURNS_NOTHING -> null;
            case RESULTS_BEYOND_THEIR_CODEC -> "x".repeat(10_001);
            case RESULTS_BEYOND_THE_LONGEST_REPLY -> "x".repeat(REPLY_BYTES_MAX);
            default -> "first";
        };
    }

    /** Most of what these tests wait for has happened already. */
    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    private static void awaitReplies(
            SimulatedServer simulated, SimulatedServer.Caller caller, int count) {
        soon().until(
                        () -> {
                            simulated.time.advance(SimulatedServer.SOON);
                            return caller.replies.size() >= count;
                        });
    }

    /** A stage that breaks its contract. */
    private static final class CompletesTwice extends CompletableFuture<String> {
        @Override
        public CompletableFuture<String> whenComplete(
                BiConsumer<? super String, ? super Throwable> action) {
            action.accept("first", null);
            action.accept("second", null);
            return this;
        }
    }
}
