package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.oncrpckit.rpc.client.Echo.ECHO;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.dcache.oncrpc4j.rpc.OncRpcSvc;
import org.dcache.oncrpc4j.rpc.OncRpcSvcBuilder;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcDispatchable;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.testing.HeldResources;
import org.oncrpckit.rpc.testing.HostFacts;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;

/** The client over the sockets of this host. */
class RealSocketsTest {
    private static final InetAddress LOOPBACK = SimulatedWorld.address("127.0.0.1");
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(30));

    private final SocketPlatform platform = SocketPlatform.open();
    private final Network network = platform.platform().network();
    private final RpcClient client = RpcClient.builder(platform.platform()).build();

    @AfterEach
    void close() {
        client.close();
        platform.close();
    }

    private InetSocketAddress serveUdp(String host) throws Exception {
        Endpoint endpoint =
                network.bindDatagram(new InetSocketAddress(SimulatedWorld.address(host), 0));
        endpoint.receiveCalls(new Echo());
        return (InetSocketAddress) endpoint.localAddress();
    }

    private InetSocketAddress serveTcp(String host) throws Exception {
        return (InetSocketAddress)
                network.listen(
                                new InetSocketAddress(SimulatedWorld.address(host), 0),
                                endpoint -> endpoint.receiveCalls(new Echo()))
                        .localAddress();
    }

    @Test
    void callsOverEveryTransport(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(folder.resolve("echo"));
        network.listen(path, endpoint -> endpoint.receiveCalls(new Echo()));
        List<String> hosts =
                HostFacts.hasIpv6() ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
        List<RpcTarget> targets = new ArrayList<>(List.of(RpcTarget.unix(path)));
        for (String host : hosts) {
            targets.add(RpcTarget.udp(serveUdp(host)));
            targets.add(RpcTarget.tcp(serveTcp(host)));
        }
        for (RpcTarget target : targets) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                calls.add(client.call(target, ECHO, "call " + i, OPTIONS));
            }
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("call " + i);
            }
            assertThat(client.callAndWait(target, ECHO, "blocking", OPTIONS)).isEqualTo("blocking");
        }
        assertThat(client.statistics().connections()).isEqualTo(1 + hosts.size());
        assertThat(client.statistics().running()).isZero();
    }

    @Test
    void hostsShareOneSocketAndThreadsDoNotGrow() throws Exception {
        RpcTarget first = RpcTarget.udp(serveUdp("127.0.0.2")).from(LOOPBACK);
        client.callAndWait(first, ECHO, "warm up", OPTIONS);
        List<RpcTarget> targets = new ArrayList<>();
        for (int host = 3; host < 103; host++) {
            targets.add(RpcTarget.udp(serveUdp("127.0.0." + host)).from(LOOPBACK));
        }
        Set<Thread> threads = HeldResources.threads();
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            calls.add(client.call(targets.get(i % 100), ECHO, "call " + i, OPTIONS));
        }
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("call " + i);
        }
        assertThat(HeldResources.threadsSince(threads)).isEmpty();
        assertThat(client.statistics().endpoints()).isEqualTo(1);
    }

    @Test
    void interruptedWaiterCancelsItsCall() throws Exception {
        Endpoint silent = network.bindDatagram(new InetSocketAddress(LOOPBACK, 0));
        silent.receiveCalls((endpoint, from, message) -> {});
        RpcTarget target = RpcTarget.udp((InetSocketAddress) silent.localAddress());
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread waiter =
                new Thread(
                        () -> {
                            try {
                                client.callAndWait(target, ECHO, "hello", OPTIONS);
                            } catch (RpcException | InterruptedException e) {
                                end.set(e);
                            }
                        });
        waiter.start();
        await().until(() -> silent.statistics().callsReceived() == 1);
        waiter.interrupt();
        waiter.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(client.statistics().cancelled()).isEqualTo(1);
        assertThat(client.statistics().running()).isZero();
    }

    @Test
    void waitingOnAnIoThreadIsRefused() throws Exception {
        RpcTarget target = RpcTarget.udp(serveUdp("127.0.0.1"));
        // The dependent runs on the I/O thread only if it is there before the reply.
        Endpoint held = network.bindDatagram(new InetSocketAddress(LOOPBACK, 0));
        CountDownLatch ready = new CountDownLatch(1);
        held.receiveCalls(
                (endpoint, from, message) -> {
                    java.nio.ByteBuffer reply = Echo.reply(message);
                    var unused =
                            CompletableFuture.runAsync(
                                    () -> {
                                        await().until(() -> ready.getCount() == 0);
                                        endpoint.send(from, reply);
                                    });
                });
        CompletableFuture<String> call =
                client.call(
                                RpcTarget.udp((InetSocketAddress) held.localAddress()),
                                ECHO,
                                "outer",
                                OPTIONS)
                        .thenApply(
                                text -> {
                                    try {
                                        return client.callAndWait(target, ECHO, text, OPTIONS);
                                    } catch (RpcException | InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                });
        ready.countDown();
        assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusedConnectionFailsAtOnceAndResetOneEndsItsCalls() throws Exception {
        RpcTarget target;
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            target = RpcTarget.tcp(new InetSocketAddress(LOOPBACK, server.getLocalPort()));
            CompletableFuture<String> call = client.call(target, ECHO, "hello", OPTIONS);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInputStream().read()).isEqualTo(0x80);
                accepted.setSoLinger(true, 0);
            }
            assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RpcClosedException.class);
        }
        assertThatThrownBy(() -> client.callAndWait(target, ECHO, "hello", OPTIONS))
                .isInstanceOf(RpcUnreachableException.class);
    }

    @Test
    void recordOfTwoGibibytesAndAByteAtATimeAreSurvived() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            RpcTarget target =
                    RpcTarget.tcp(new InetSocketAddress(LOOPBACK, server.getLocalPort()));
            CompletableFuture<String> slow = client.call(target, ECHO, "slow", OPTIONS);
            try (Socket accepted = server.accept()) {
                accepted.setTcpNoDelay(true);
                byte[] call = readRecord(accepted);
                byte[] reply = bytes(Echo.reply(java.nio.ByteBuffer.wrap(call)));
                byte[] mark = {(byte) 0x80, 0, 0, (byte) reply.length};
                for (byte[] part : List.of(mark, reply)) {
                    for (byte each : part) {
                        accepted.getOutputStream().write(each);
                        accepted.getOutputStream().flush();
                    }
                }
                assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("slow");
                CompletableFuture<String> huge = client.call(target, ECHO, "huge", OPTIONS);
                readRecord(accepted);
                accepted.getOutputStream().write(new byte[] {-1, -1, -1, -1, 0, 0, 0, 1});
                assertThatThrownBy(() -> huge.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(RpcClosedException.class)
                        .hasMessageContaining("record marking");
            }
        }
    }

    private static byte[] readRecord(Socket socket) throws Exception {
        byte[] mark = socket.getInputStream().readNBytes(4);
        int length = ((mark[2] & 0xff) << 8) | (mark[3] & 0xff);
        return socket.getInputStream().readNBytes(length);
    }

    private static byte[] bytes(java.nio.ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void serverThatAcceptsAndNeverReadsEndsItsOwnCallsOnly() throws Exception {
        String argument = "x".repeat(60_000);
        try (ServerSocket mute = new ServerSocket(0, 1, LOOPBACK)) {
            RpcTarget target = RpcTarget.tcp(new InetSocketAddress(LOOPBACK, mute.getLocalPort()));
            CallOptions brief = OPTIONS.withTimeLimit(Duration.ofSeconds(2));
            List<CompletableFuture<String>> stuck = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                stuck.add(client.call(target, ECHO, argument, brief));
            }
            RpcTarget good = RpcTarget.tcp(serveTcp("127.0.0.1"));
            assertThat(client.call(good, ECHO, "hello", OPTIONS).get()).isEqualTo("hello");
            for (CompletableFuture<String> each : stuck) {
                assertThatThrownBy(() -> each.get(60, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(RpcTimeoutException.class);
            }
            assertThat(client.statistics().transmissions())
                    .as("what a connection may have in flight, not a thousand messages")
                    .isLessThanOrEqualTo(ConnectionPolicy.DEFAULT.inFlight());
            assertThat(client.statistics().running()).isZero();
        }
    }

    @Test
    void closeEndsCallsAndLeavesNoThread() throws Exception {
        Endpoint silent = network.bindDatagram(new InetSocketAddress(LOOPBACK, 0));
        silent.receiveCalls((endpoint, from, message) -> {});
        RpcTarget udp = RpcTarget.udp((InetSocketAddress) silent.localAddress());
        RpcTarget tcp =
                RpcTarget.tcp(
                        (InetSocketAddress)
                                network.listen(
                                                new InetSocketAddress(LOOPBACK, 0),
                                                each -> each.receiveCalls((e, f, m) -> {}))
                                        .localAddress());
        Set<Thread> before = HeldResources.threads();
        List<CompletableFuture<String>> calls = new ArrayList<>();
        try (SocketPlatform own = SocketPlatform.open();
                RpcClient closing = RpcClient.builder(own.platform()).build()) {
            for (int i = 0; i < 500; i++) {
                calls.add(closing.call(i % 2 == 0 ? udp : tcp, ECHO, "hello", OPTIONS));
            }
        }
        for (CompletableFuture<String> each : calls) {
            assertThatThrownBy(() -> each.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RpcClosedException.class);
        }
        await().untilAsserted(() -> assertThat(HeldResources.threadsSince(before)).isEmpty());
    }

    @Test
    void serverMadeWithOncrpc4jIsCalled() throws Exception {
        RpcDispatchable echo =
                call -> {
                    if (call.getProcedure() == 1) {
                        XdrString text = new XdrString();
                        call.retrieveCall(text);
                        call.reply(text);
                    } else {
                        failProcedureUnavailable(call);
                    }
                };
        OncRpcSvc server =
                new OncRpcSvcBuilder()
                        .withBindAddress("127.0.0.1")
                        .withTCP()
                        .withUDP()
                        .withoutAutoPublish()
                        .withSameThreadIoStrategy()
                        .withRpcService(
                                new org.dcache.oncrpc4j.rpc.OncRpcProgram(
                                        Echo.PROGRAM.program(), Echo.PROGRAM.version()),
                                echo)
                        .build();
        server.start();
        try {
            RpcTarget tcp =
                    RpcTarget.tcp(
                            server.getInetSocketAddress(
                                    org.dcache.oncrpc4j.rpc.net.IpProtocolType.TCP));
            RpcTarget udp =
                    RpcTarget.udp(
                            server.getInetSocketAddress(
                                    org.dcache.oncrpc4j.rpc.net.IpProtocolType.UDP));
            for (RpcTarget target : List.of(udp, tcp)) {
                List<CompletableFuture<String>> calls = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    calls.add(client.call(target, ECHO, "call " + i, OPTIONS));
                }
                for (int i = 0; i < calls.size(); i++) {
                    assertThat(calls.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("call " + i);
                }
                org.oncrpckit.rpc.Procedure<String, String> missing =
                        new org.oncrpckit.rpc.Procedure<>(
                                Echo.PROGRAM, 2, "MISSING", ECHO.arguments(), ECHO.results());
                assertThatThrownBy(() -> client.callAndWait(target, missing, "hello", OPTIONS))
                        .isInstanceOf(RpcRejectedException.class)
                        .hasMessageContaining("PROC_UNAVAIL");
            }
        } finally {
            server.stop();
        }
    }

    private static void failProcedureUnavailable(RpcCall call) {
        call.failProcedureUnavailable();
    }
}
