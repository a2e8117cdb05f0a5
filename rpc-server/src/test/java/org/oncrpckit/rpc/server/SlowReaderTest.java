package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.socket.SocketLimits;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodecs;

/** Connections whose peers ask for more than they read. */
class SlowReaderTest {
    private static final int REPLY_BYTES = 64 << 10;
    private static final Opaque RESULT = Opaque.copyOf(new byte[REPLY_BYTES]);
    private static final int INLINE = 0x2000_0301;
    private static final int WORKERS = 0x2000_0302;
    private static final int WORKER_THREADS = 4;

    /** More than kernel, write queue and limits would take together. */
    private static final int CALLS = 400;

    private static final ByteLimits BYTES =
            new ByteLimits(256 << 10, 64 << 10, 2L << 20, 16L << 20);

    private final Echo echo = new Echo();
    private final ConcurrentLinkedQueue<CompletableFuture<Opaque>> stages =
            new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TCP, INLINE", "TCP, WORKERS", "TCP, LATER",
        "UNIX, INLINE", "UNIX, WORKERS", "UNIX, LATER"
    })
    void whoeverReadsLateGetsEveryReply(Transport transport, Kind kind) throws IOException {
        SocketServer sockets = server(SocketLimits.DEFAULT);
        RawCaller.Stream late = open(sockets.stream(transport));
        sendAll(late, kind);
        if (kind == Kind.LATER) {
            // All of them are in progress when the first is answered.
            await().until(() -> stages.size() == CALLS);
            stages.forEach(stage -> stage.complete(RESULT));
        }
        await().until(() -> sockets.server.statistics().connectionPauses() >= 1);
        for (Transport other : Transport.values()) {
            RawCaller caller = open(sockets.caller(other));
            caller.probe();
        }

        BitSet answered = new BitSet();
        for (int i = 0; i < CALLS; i++) {
            byte[] reply = late.receive();
            assertThat(reply).hasSizeGreaterThan(REPLY_BYTES);
            int xid = ByteBuffer.wrap(reply).getInt();
            assertThat(answered.get(xid)).as("xid %d answered before", xid).isFalse();
            answered.set(xid);
        }
        assertThat(answered.cardinality()).isEqualTo(CALLS);
        late.probe();
        assertThat(sockets.server.statistics().slowReadersClosed()).isZero();
        assertThat(sockets.server.statistics().repliesNotSent()).isZero();
        await().until(() -> sockets.server.statistics().bytesWaiting() == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"INLINE", "WORKERS"})
    void whoeverDoesNotReadIsNotReadEither(Kind kind) throws IOException {
        SocketServer sockets = server(SocketLimits.DEFAULT);
        RawCaller.Stream never = open(sockets.stream(Transport.TCP));
        sendAll(never, kind);
        await().until(() -> sockets.server.statistics().connectionPauses() >= 1);

        // What waits exceeds the mark by what was being executed, and by what others queued while
        // one thread was writing and had not met a full socket yet; it is far from the whole.
        long bound =
                BYTES.highWater()
                        + SocketLimits.DEFAULT.writeQueueBytesMax()
                        + (1 + WORKER_THREADS) * (REPLY_BYTES + 1024L)
                        + CALLS * (HostLoads.CALL_BYTES + 4L);
        assertThat(sockets.server.statistics().bytesWaiting()).isPositive().isLessThan(bound);
        assertThat(sockets.server.statistics().count(CallOutcome.SUCCESS)).isLessThan(CALLS);
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UNIX"})
    void whoeverNeverReadsIsClosedAfterTheStallLimit(Transport transport) throws IOException {
        SocketServer sockets = server(SocketLimits.DEFAULT.withStall(Duration.ofSeconds(1)));
        RawCaller other = open(sockets.caller(transport));
        RawCaller.Stream never = open(sockets.stream(transport));
        sendAll(never, Kind.INLINE);

        await().until(
                        () -> {
                            other.probe();
                            return sockets.server.statistics().slowReadersClosed() == 1;
                        });

        await().until(() -> sockets.server.statistics().connections() == 1);
        await().until(() -> sockets.server.statistics().bytesWaiting() == 0);
        other.probe();
    }

    @Test
    void hostWithTooMuchWaitingIsPausedThenClosedAndOthersAreServed() {
        SimulatedServer simulated =
                new SimulatedServer(
                        builder ->
                                programs(builder, 1)
                                        .limits(
                                                ServerLimits.DEFAULT.withBytes(
                                                        new ByteLimits(
                                                                1 << 20, 0, 500_000, 10 << 20))));
        RpcServer server = simulated.server;
        opened.add(server);
        SimulatedServer.Caller first = unreading(simulated, "10.0.0.2");
        ask(simulated, first, 8);
        assertThat(server.statistics().bytesWaiting()).isGreaterThan(500_000);
        assertThat(server.statistics().connectionPauses()).as("over the limit of its host").isOne();
        ask(simulated, first, 2);
        assertThat(server.statistics().count(CallOutcome.SUCCESS)).isEqualTo(8);

        SimulatedServer.Caller datagrams = another(simulated, first, Transport.UDP);
        datagrams.call(1, Echo.LATER, "has to wait");
        datagrams.call(2, Echo.ECHO, "costs nothing");
        assertThat(server.statistics().count(CallOutcome.OVERLOADED)).isOne();
        assertThat(datagrams.reply()).startsWith("00000002");

        SimulatedServer.Caller second = another(simulated, first, Transport.TCP);
        second.endpoint.suspendReading();
        ask(simulated, second, 20);
        assertThat(server.statistics().connectionPauses()).isEqualTo(2);
        SimulatedServer.Caller third = another(simulated, first, Transport.TCP);
        third.endpoint.suspendReading();
        ask(simulated, third, 20);
        assertThat(server.statistics().slowReadersClosed()).isOne();
        assertThat(server.statistics().bytesWaiting()).isLessThan(1_000_000);

        SimulatedServer.Caller stranger = simulated.caller(Transport.TCP, "10.0.0.3");
        ask(simulated, stranger, 20);
        assertThat(stranger.replies).hasSize(20);
        first.endpoint.resumeReading();
        waitFor(simulated, () -> first.replies.size() == 10);
        datagrams.call(3, Echo.LATER, "has its place");
        assertThat(server.statistics().count(CallOutcome.OVERLOADED)).isOne();
    }

    @Test
    void timeLimitDoesNotRunWhileThePeerKeepsACallWaiting() {
        SimulatedServer simulated =
                new SimulatedServer(
                        builder ->
                                programs(builder, 1).limits(ServerLimits.DEFAULT.withBytes(BYTES)));
        opened.add(simulated.server);
        SimulatedServer.Caller caller = unreading(simulated, "10.0.0.2");
        int calls = 20;
        for (int xid = 0; xid < calls; xid++) {
            caller.endpoint.send(
                    simulated.address,
                    ByteBuffer.wrap(SimulatedServer.call(xid, Kind.WORKERS.procedure, xid)));
        }
        waitFor(simulated, () -> simulated.server.statistics().connectionPauses() == 1);
        // The one worker has looked at all the calls before it comes to this one.
        SimulatedServer.Caller behind = simulated.caller(Transport.TCP, "10.0.0.3");
        behind.call(1, Kind.WORKERS.procedure, 1);
        waitFor(simulated, () -> behind.replies.size() == 1);
        simulated.time.advance(Duration.ofMinutes(5));
        caller.endpoint.resumeReading();

        waitFor(simulated, () -> caller.replies.size() == calls);
        assertThat(caller.replies).allMatch(reply -> reply.length() > 2 * REPLY_BYTES);
        assertThat(simulated.server.statistics().count(CallOutcome.TIME_LIMIT)).isZero();
    }

    /** On a thread of its own: it has to wait while the server does not read. */
    private void sendAll(RawCaller.Stream caller, Kind kind) {
        Thread sender =
                new Thread(
                        () -> {
                            try {
                                for (int xid = 0; xid < CALLS; xid++) {
                                    caller.send(SimulatedServer.call(xid, kind.procedure, xid));
                                }
                            } catch (IOException e) {
                                // The server, or the end of the test, has closed the connection.
                            }
                        });
        sender.start();
        opened.add(0, sender::join);
    }

    private SimulatedServer.Caller unreading(SimulatedServer simulated, String from) {
        SimulatedServer.Caller caller = simulated.caller(Transport.TCP, from);
        caller.endpoint.suspendReading();
        return caller;
    }

    private static SimulatedServer.Caller another(
            SimulatedServer simulated, SimulatedServer.Caller caller, Transport transport) {
        return simulated.new Caller(caller.host, transport, SimulatedServer.address("10.0.0.2"), 0);
    }

    private void ask(SimulatedServer simulated, SimulatedServer.Caller caller, int calls) {
        for (int xid = 0; xid < calls; xid++) {
            caller.call(xid, Kind.INLINE.procedure, xid);
        }
        simulated.time.advance(SimulatedServer.SOON);
    }

    private static void waitFor(SimulatedServer simulated, BooleanSupplier condition) {
        await().until(
                        () -> {
                            simulated.time.advance(SimulatedServer.SOON);
                            return condition.getAsBoolean();
                        });
    }

    private SocketServer server(SocketLimits limits) throws IOException {
        return open(
                new SocketServer(
                        builder ->
                                programs(builder, WORKER_THREADS)
                                        .limits(ServerLimits.DEFAULT.withBytes(BYTES)),
                        limits));
    }

    private RpcServer.Builder programs(RpcServer.Builder builder, int threads) {
        return builder.program(echo.program())
                .program(
                        RpcProgram.builder(INLINE, "inline")
                                .procedure(Kind.INLINE.procedure, (call, number) -> RESULT)
                                .asynchronous(
                                        Kind.LATER.procedure,
                                        (call, number) -> {
                                            CompletableFuture<Opaque> stage =
                                                    new CompletableFuture<>();
                                            stages.add(stage);
                                            call.answerFrom(stage);
                                        })
                                .build())
                .program(
                        RpcProgram.builder(WORKERS, "workers")
                                .placement(new HandlerPlacement.Workers(threads, 1_000))
                                .procedure(Kind.WORKERS.procedure, (call, number) -> RESULT)
                                .build());
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    /** How the handler of a large reply runs. */
    @SuppressWarnings("ImmutableEnumChecker") // procedures are values
    enum Kind {
        INLINE(SlowReaderTest.INLINE, 1),
        LATER(SlowReaderTest.INLINE, 2),
        WORKERS(SlowReaderTest.WORKERS, 1);

        final Procedure<Integer, Opaque> procedure;

        Kind(int program, int number) {
            procedure =
                    new Procedure<>(
                            new ProgramVersion(program, 1),
                            number,
                            name(),
                            XdrCodecs.INT,
                            XdrCodecs.opaque(REPLY_BYTES));
        }
    }
}
