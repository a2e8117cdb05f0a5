package org.oncrpckit.rpc.server.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.LocalRpcbind;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.rpcbind.EmbeddedRpcbind;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;

/** Over real sockets, at an rpcbind that forgets when the test says so. */
class RpcbindRegistrarTest {
    private static final ProgramVersion V1 = new ProgramVersion(0x2000_0801, 1);
    private static final ProgramVersion V3 = new ProgramVersion(0x2000_0801, 3);
    private static final String OTHERS_ADDRESS = "0.0.0.0.18.103";

    private final SocketPlatform sockets = SocketPlatform.open();
    private final RpcPlatform platform = sockets.platform();
    private final Teardown teardown = new Teardown();
    private final RpcClient client = RpcClient.builder(platform).build();
    private final EmbeddedRpcbind rpcbind;
    private final ServicePort port;

    @TempDir private Path folder;

    RpcbindRegistrarTest() throws StartupException {
        teardown.add(sockets);
        teardown.add(client);
        ListenAddresses loopback = ListenAddresses.of(List.of(InetAddress.getLoopbackAddress()));
        rpcbind = EmbeddedRpcbind.builder(platform).addresses(loopback).port(0).open();
        teardown.add(rpcbind);
        RpcServer server = RpcServer.builder(platform).build();
        teardown.add(server);
        port = ServicePort.builder(platform, server).addresses(loopback).open();
        teardown.add(port);
    }

    @BeforeEach
    void listen() throws Exception {
        rpcbind.listen(socket());
    }

    @AfterEach
    void close() {
        teardown.close();
    }

    private Path socket() {
        return folder.resolve("rpcbind.sock");
    }

    private RpcbindRegistrar registrar() {
        int number = rpcbind.port().number();
        LocalRpcbind local =
                new LocalRpcbind(
                        UnixDomainSocketAddress.of(socket()),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
        return new RpcbindRegistrar(client, new RpcbindClient(client, local).atPort(number));
    }

    private RpcbindRegistrar registered() throws InterruptedException {
        RpcbindRegistrar registrar = registrar();
        RpcbindRegistrar.Service service = new RpcbindRegistrar.Service(List.of(V1, V3), port);
        assertThat(registrar.register(List.of(service))).isEmpty();
        assertThat(present()).containsExactlyInAnyOrderElementsOf(ours());
        return registrar;
    }

    private List<String> ours() {
        String at = "0.0.0.0.%d.%d".formatted(port.number() >> 8, port.number() & 0xff);
        return List.of("1 udp " + at, "1 tcp " + at, "3 udp " + at, "3 tcp " + at);
    }

    /** Version, transport and address of what is registered for our program. */
    private List<String> present() {
        return rpcbind.registrations().stream()
                .filter(each -> each.programVersion().program() == V1.program())
                .map(
                        each ->
                                each.programVersion().version()
                                        + " "
                                        + each.netid()
                                        + " "
                                        + each.address())
                .toList();
    }

    private void forget() {
        assertThat(rpcbind.registry().unset(V1)).isCompletedWithValue(true);
        assertThat(rpcbind.registry().unset(V3)).isCompletedWithValue(true);
        assertThat(present()).isEmpty();
    }

    @Test
    void whatIsForgottenIsRegisteredAgain() throws Exception {
        try (RpcbindRegistrar registrar = registered()) {
            forget();
            registrar.refresh();
            assertThat(present()).containsExactlyInAnyOrderElementsOf(ours());
        }
        assertThat(present()).as("taken back at the end").isEmpty();
    }

    @Test
    void whatAnotherHasRegisteredMeanwhileIsLeftAlone() throws Exception {
        try (RpcbindRegistrar registrar = registered()) {
            forget();
            Registration others = new Registration(V3, "tcp", OTHERS_ADDRESS, "");
            assertThat(rpcbind.registry().set(others)).isCompletedWithValue(true);
            registrar.refresh();
            assertThat(present()).containsExactly("3 tcp " + OTHERS_ADDRESS);
        }
        assertThat(present()).as("at the end too").containsExactly("3 tcp " + OTHERS_ADDRESS);
    }

    @Test
    void nothingIsRegisteredAgainAfterTheEnd() throws Exception {
        RpcbindRegistrar registrar = registered();
        registrar.close();
        registrar.refresh();
        assertThat(present()).isEmpty();
    }
}
