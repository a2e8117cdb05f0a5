package org.oncrpckit.rpc.server.oncrpc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrInt;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.CallOutcome;
import org.oncrpckit.rpc.server.HandlerPlacement;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodecs;

/** An unchanged service, called by oncrpc4j's own client and by ours. */
class Oncrpc4jProgramTest {
    private static final String SUCCESS = "000000010000000000000000000000000000000";
    private static final ProgramVersion PROGRAM =
            new ProgramVersion(Calculator.PROGRAM, Calculator.VERSION);

    @ParameterizedTest
    @ValueSource(ints = {IpProtocolType.TCP, IpProtocolType.UDP})
    void oncrpc4jClientsAreServed(int protocol) throws Exception {
        try (HostedService hosted =
                        new HostedService(HostedService.calculator(new Calculator.Honest()));
                OncRpcClient client = client(hosted, protocol)) {
            RpcCall calls = calls(client);

            XdrInt sum = new XdrInt();
            calls.call(Calculator.ADD, new Calculator.Pair(3, 4), sum);
            XdrString greeting = new XdrString();
            calls.call(Calculator.GREET, new XdrString("you"), greeting);

            assertThat(sum.intValue()).isEqualTo(7);
            assertThat(greeting.stringValue()).isEqualTo("Hello you");
        }
    }

    @Test
    void ourClientsAreServed() throws Exception {
        Procedure<String, String> greet =
                new Procedure<>(
                        PROGRAM,
                        Calculator.GREET,
                        "GREET",
                        XdrCodecs.string(64),
                        XdrCodecs.string(64));
        try (HostedService hosted =
                        new HostedService(HostedService.calculator(new Calculator.Honest()));
                RpcClient client = RpcClient.builder(hosted.sockets.platform()).build()) {
            assertThat(
                            client.callAndWait(
                                    RpcTarget.udp(hosted.udp), greet, "you", CallOptions.DEFAULT))
                    .isEqualTo("Hello you");
            assertThat(
                            client.callAndWait(
                                    RpcTarget.tcp(hosted.tcp), greet, "you", CallOptions.DEFAULT))
                    .isEqualTo("Hello you");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {IpProtocolType.TCP, IpProtocolType.UDP})
    void theServiceSeesWhoCallsAndHow(int protocol) throws Exception {
        CompletableFuture<RpcCall> seen = new CompletableFuture<>();
        Calculator service =
                adding(
                        (call, pair) -> {
                            seen.complete(call);
                            call.reply(new XdrInt(0));
                        });
        try (HostedService hosted = new HostedService(HostedService.calculator(service));
                OncRpcClient client = client(hosted, protocol)) {
            var transport = client.connect();
            RpcAuthTypeUnix user =
                    new RpcAuthTypeUnix(1000, 100, new int[] {4, 24}, 7, "workbench");

            new RpcCall(Calculator.PROGRAM, Calculator.VERSION, user, transport)
                    .call(Calculator.ADD, new Calculator.Pair(1, 2), new XdrInt());

            RpcCall call = seen.get();
            assertThat(call.getProgram()).isEqualTo(Calculator.PROGRAM);
            assertThat(call.getProgramVersion()).isEqualTo(Calculator.VERSION);
            assertThat(call.getProcedure()).isEqualTo(Calculator.ADD);
            assertThat(call.getCredential()).isInstanceOf(RpcAuthTypeUnix.class);
            RpcAuthTypeUnix credential = (RpcAuthTypeUnix) call.getCredential();
            assertThat(credential.uid()).isEqualTo(1000);
            assertThat(credential.gid()).isEqualTo(100);
            assertThat(credential.gids()).containsExactly(4, 24);
            assertThat(credential.toString()).contains("workbench");
            assertThat(credential.getSubject().getPrincipals()).isNotEmpty();
            assertThat(call.getTransport().getRemoteSocketAddress())
                    .isEqualTo(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(),
                                    transport.getLocalSocketAddress().getPort()));
            assertThat(call.getTransport().getLocalSocketAddress())
                    .isEqualTo(protocol == IpProtocolType.TCP ? hosted.tcp : hosted.udp);
            assertThat(call.getTransport().isOpen()).isTrue();
            assertThat(((HostedTransport) call.getTransport()).context().endpoint().transport())
                    .isEqualTo(protocol == IpProtocolType.TCP ? Transport.TCP : Transport.UDP);
            assertThatThrownBy(() -> call.getTransport().getPeerTransport())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("callBackClient");
        }
    }

    @Test
    void theXidIsTheCallersOwn() throws Exception {
        Calculator service = adding((call, pair) -> call.reply(new XdrInt(call.getXid())));
        try (HostedService hosted = new HostedService(HostedService.calculator(service))) {
            hosted.send(HostedService.message(0x1234_5678, Calculator.ADD, 1, 2));

            assertThat(hosted.receive()).isEqualTo("12345678" + SUCCESS + "012345678");
        }
    }

    @Test
    void aReplyMayComeLaterFromAnotherThread() throws Exception {
        CompletableFuture<RpcCall> taken = new CompletableFuture<>();
        CompletableFuture<Integer> told = new CompletableFuture<>();
        Calculator service = adding((call, pair) -> taken.complete(call));
        try (HostedService hosted = new HostedService(HostedService.calculator(service))) {
            hosted.send(HostedService.message(1, Calculator.ADD, 1, 2));
            RpcCall call = taken.get();
            call.registerSendListener(completing(told));

            new Thread(() -> call.reply(new XdrInt(3)), "some thread of the service").start();

            assertThat(hosted.receive()).isEqualTo("00000001" + SUCCESS + "000000003");
            assertThat(told.get()).isZero();
        }
    }

    @Test
    void theFirstOfTwoRepliesCounts() throws Exception {
        Calculator service =
                adding(
                        (call, pair) -> {
                            call.reply(new XdrInt(3));
                            call.failRpcSystem();
                        });
        try (HostedService hosted = new HostedService(HostedService.calculator(service))) {
            hosted.send(HostedService.message(1, Calculator.ADD, 1, 2));
            assertThat(hosted.receive()).isEqualTo("00000001" + SUCCESS + "000000003");

            hosted.send(HostedService.message(2, 0));
            assertThat(hosted.receive()).isEqualTo("00000002" + SUCCESS + "0");
            await().untilAsserted(
                            () ->
                                    assertThat(hosted.server.statistics().lateResults())
                                            .isEqualTo(1));
        }
    }

    @Test
    void noReplyIsSystemErrAfterTheTimeLimitAndALateOneIsDropped() throws Exception {
        CompletableFuture<RpcCall> taken = new CompletableFuture<>();
        CompletableFuture<Integer> told = new CompletableFuture<>();
        Calculator service = adding((call, pair) -> taken.complete(call));
        try (HostedService hosted =
                new HostedService(
                        HostedService.calculator(service)
                                .placement(new HandlerPlacement.Inline())
                                .timeLimit(Duration.ofMillis(50)))) {
            hosted.send(HostedService.message(1, Calculator.ADD, 1, 2));
            assertThat(hosted.receive()).isEqualTo("00000001" + SUCCESS + "5");

            taken.get().registerSendOnceListener(completing(told));
            taken.get().reply(new XdrInt(3));
            assertThat(told).isCompletedExceptionally();
            hosted.send(HostedService.message(2, 0));
            assertThat(hosted.receive()).isEqualTo("00000002" + SUCCESS + "0");
        }
    }

    @Test
    void duplicatesAreAnsweredFromMemoryUnlessTheProcedureIsIdempotent() throws Exception {
        Calculator remembering = new Calculator.Honest();
        try (HostedService hosted = new HostedService(HostedService.calculator(remembering))) {
            assertThat(List.of(twice(hosted), twice(hosted))).containsOnly("000000003");
            assertThat(remembering.executed).containsExactly(Calculator.ADD);
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    hosted.server
                                                            .statistics()
                                                            .count(CallOutcome.DUPLICATE_ANSWERED))
                                            .isEqualTo(1));
        }
        Calculator repeating = new Calculator.Honest();
        try (HostedService hosted =
                new HostedService(HostedService.calculator(repeating).idempotent(Calculator.ADD))) {
            assertThat(List.of(twice(hosted), twice(hosted))).containsOnly("000000003");
            assertThat(repeating.executed).containsExactly(Calculator.ADD, Calculator.ADD);
        }
    }

    @Test
    void aOneWayProcedureIsNotRepliedTo() throws Exception {
        CountDownLatch added = new CountDownLatch(1);
        Calculator service =
                adding(
                        (call, pair) -> {
                            call.reply(new XdrInt(3));
                            added.countDown();
                        });
        try (HostedService hosted =
                new HostedService(HostedService.calculator(service).oneWay(Calculator.ADD))) {
            hosted.send(HostedService.message(1, Calculator.ADD, 1, 2));
            added.await();

            hosted.send(HostedService.message(2, 0));

            assertThat(hosted.receive()).startsWith("00000002");
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    hosted.server
                                                            .statistics()
                                                            .count(CallOutcome.ONE_WAY))
                                            .isEqualTo(1));
        }
    }

    private static String twice(HostedService hosted) throws IOException {
        hosted.send(HostedService.message(9, Calculator.ADD, 1, 2));
        return hosted.receive().substring(8 + SUCCESS.length());
    }

    private static Calculator adding(BiConsumer<RpcCall, Calculator.Pair> work) {
        return new Calculator() {
            @Override
            void add(RpcCall call, Pair pair) {
                work.accept(call, pair);
            }
        };
    }

    private static OncRpcClient client(HostedService hosted, int protocol) {
        InetSocketAddress server = protocol == IpProtocolType.TCP ? hosted.tcp : hosted.udp;
        return new OncRpcClient(server.getAddress(), protocol, server.getPort());
    }

    private static RpcCall calls(OncRpcClient client) throws IOException {
        return new RpcCall(
                Calculator.PROGRAM, Calculator.VERSION, new RpcAuthTypeNone(), client.connect());
    }

    private static CompletionHandler<Integer, InetSocketAddress> completing(
            CompletableFuture<Integer> told) {
        return new CompletionHandler<>() {
            @Override
            public void completed(Integer result, InetSocketAddress peer) {
                told.complete(result);
            }

            @Override
            public void failed(Throwable failure, InetSocketAddress peer) {
                told.completeExceptionally(failure);
            }
        };
    }
}
