package org.oncrpckit.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrOpaque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;

/** Our client against libtirpc's server, and every kind of client against our server, at once. */
class LibtirpcTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int CALLS = 1_000;

    private final SocketPlatform sockets = SocketPlatform.open();

    @AfterEach
    void close() {
        sockets.close();
    }

    @Test
    void clientCallsLibtirpcServerOverEveryTransport(@TempDir Path folder) throws Exception {
        NativeProgram program = NativeProgram.compileWithTirpc(folder, "echo_server");
        Path path = folder.resolve("echo.sock");
        try (NativeProgram.Running server = program.start(path.toString());
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            String ports = server.line();
            RpcTarget udp = RpcTarget.udp(loopback(NativeProgram.number(ports, "udp")));
            RpcTarget tcp = RpcTarget.tcp(loopback(NativeProgram.number(ports, "tcp")));
            RpcTarget unix = RpcTarget.unix(UnixDomainSocketAddress.of(path));
            for (RpcTarget target : List.of(udp, tcp, unix)) {
                assertThat(EchoProtocol.call(client, target, CALLS))
                        .as(target.toString())
                        .isEqualTo(CALLS);
            }
        }
    }

    @Test
    void serverServesLibtirpcAndOncrpc4jAndOwnClientsAtOnce(@TempDir Path folder) throws Exception {
        NativeProgram client = NativeProgram.compileWithTirpc(folder, "echo_client");
        Path path = folder.resolve("ours.sock");
        RpcProgram echo =
                RpcProgram.builder(EchoProtocol.VERSION.program(), "echo")
                        .procedure(EchoProtocol.ECHO, (call, argument) -> argument)
                        .build();
        try (RpcServer server = RpcServer.builder(sockets.platform()).program(echo).build();
                RpcClient own = RpcClient.builder(sockets.platform()).build()) {
            Endpoint udp = sockets.platform().network().bindDatagram(loopback(0));
            server.attach(udp);
            int port = ((InetSocketAddress) udp.localAddress()).getPort();
            server.listen(loopback(port));
            server.listen(UnixDomainSocketAddress.of(path));

            List<NativeProgram.Running> programs = new ArrayList<>();
            for (int copy = 0; copy < 2; copy++) {
                for (String transport : List.of("udp", "tcp")) {
                    programs.add(
                            client.start(
                                    transport,
                                    LOOPBACK.getHostAddress(),
                                    Integer.toString(port),
                                    Integer.toString(CALLS)));
                }
                programs.add(client.start("unix", path.toString(), "-", Integer.toString(CALLS)));
            }
            List<CompletableFuture<Integer>> oncrpc4j =
                    List.of(
                            CompletableFuture.supplyAsync(
                                    () -> callByOncrpc4j(IpProtocolType.TCP, port)),
                            CompletableFuture.supplyAsync(
                                    () -> callByOncrpc4j(IpProtocolType.UDP, port)));
            assertThat(EchoProtocol.call(own, RpcTarget.udp(loopback(port)), CALLS))
                    .isEqualTo(CALLS);
            for (CompletableFuture<Integer> right : oncrpc4j) {
                assertThat(right.get(60, TimeUnit.SECONDS)).isEqualTo(CALLS);
            }
            for (NativeProgram.Running running : programs) {
                assertThat(running.line()).isEqualTo(Integer.toString(CALLS));
                assertThat(running.await()).isZero();
            }
            assertThat(server.statistics().connections()).isLessThanOrEqualTo(1 + 2 + 2);
        }
    }

    /** oncrpc4j's own client; how many of its calls came back right. */
    private static int callByOncrpc4j(int protocol, int port) {
        int right = 0;
        try (OncRpcClient client = new OncRpcClient(LOOPBACK, protocol, port)) {
            RpcCall program =
                    new RpcCall(
                            EchoProtocol.VERSION.program(),
                            EchoProtocol.VERSION.version(),
                            new RpcAuthTypeNone(),
                            client.connect());
            for (int call = 0; call < CALLS; call++) {
                byte[] argument = EchoProtocol.argument(call).toByteArray();
                XdrOpaque result = new XdrOpaque(new byte[0]);
                program.call(EchoProtocol.ECHO.number(), new XdrOpaque(argument), result);
                right += Arrays.equals(result.getOpaque(), argument) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return right;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(LOOPBACK, port);
    }
}
