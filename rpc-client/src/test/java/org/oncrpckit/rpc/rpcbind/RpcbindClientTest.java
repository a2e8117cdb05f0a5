package org.oncrpckit.rpc.rpcbind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oncrpckit.rpc.transport.Messages.address;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcBadReplyException;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTimeoutException;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Transport;

class RpcbindClientTest {
    private static final InetAddress HERE = address("10.0.0.1");
    private static final InetAddress THERE = address("10.0.0.2");
    private static final InetAddress HERE6 = address("fd00::1");
    private static final InetAddress THERE6 = address("fd00::2");
    private static final ProgramVersion NLM = new ProgramVersion(100_021, 4);
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(20));

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1);
    private final SimulatedHost here = network.host(HERE, HERE6);
    private final SimulatedHost there = network.host(THERE, THERE6);
    private final ScriptedRpcbind rpcbind = new ScriptedRpcbind();
    private final RpcClient client = RpcClient.builder(network.platform(here)).build();
    private final RpcbindClient asker = new RpcbindClient(client);

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(client.statistics().running()).isZero();
        client.close();
    }

    private void serveUdp(SimulatedHost host, InetAddress address) {
        try {
            host.bindDatagram(new InetSocketAddress(address, 111)).receiveCalls(rpcbind);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void serveTcp(SimulatedHost host, InetAddress address) {
        try {
            host.listen(
                    new InetSocketAddress(address, 111),
                    endpoint -> endpoint.receiveCalls(rpcbind));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private <R> R await(CompletableFuture<R> future) {
        assertThat(time.runUntil(future::isDone, Duration.ofHours(1))).isTrue();
        return future.join();
    }

    private Throwable awaitFailure(CompletableFuture<?> future) {
        assertThat(time.runUntil(future::isDone, Duration.ofHours(1))).isTrue();
        try {
            throw new AssertionError("no failure but " + future.join());
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private CompletableFuture<Optional<InetSocketAddress>> lookUp(InetAddress host) {
        return asker.lookUp(host, null, NLM, Transport.UDP, OPTIONS);
    }

    @Test
    void ipv4AsksVersionTwoFirst() {
        serveUdp(there, THERE);
        rpcbind.answer(
                PortmapProtocol.GETPORT,
                mapping -> mapping.equals(new Mapping(NLM, PortmapProtocol.UDP, 0)) ? 4045 : 1);
        assertThat(await(lookUp(THERE))).contains(new InetSocketAddress(THERE, 4045));
        assertThat(rpcbind.asked()).containsExactly("GETPORT v2 UDP");
    }

    @Test
    void portZeroMeansNotRegistered() {
        serveUdp(there, THERE);
        rpcbind.answer(PortmapProtocol.GETPORT, mapping -> 0);
        assertThat(await(lookUp(THERE))).isEmpty();
    }

    @Test
    void ipv4FallsBackToVersionsFourAndThree() {
        serveUdp(there, THERE);
        rpcbind.answer(RpcbindProtocol.V4.getAddress(), wanted -> "");
        rpcbind.answer(
                RpcbindProtocol.V3.getAddress(),
                wanted ->
                        wanted.netid().equals("udp") && wanted.address().equals("10.0.0.2.0.111")
                                ? "0.0.0.0.15.205"
                                : "");
        assertThat(await(lookUp(THERE))).contains(new InetSocketAddress(THERE, 4045));
        assertThat(rpcbind.asked()).containsExactly("GETADDR v4 UDP", "GETADDR v3 UDP");
    }

    @Test
    void ipv6AsksVersionFourFirst() {
        serveUdp(there, THERE6);
        serveTcp(there, THERE6);
        rpcbind.answer(
                RpcbindProtocol.V4.getAddress(),
                wanted -> wanted.netid().equals("tcp6") ? "::.15.205" : "::.15.206");
        assertThat(await(asker.lookUp(THERE6, null, NLM, Transport.TCP, OPTIONS)))
                .contains(new InetSocketAddress(THERE6, 4045));
        assertThat(await(asker.lookUp(THERE6, null, NLM, Transport.UDP, OPTIONS)))
                .contains(new InetSocketAddress(THERE6, 4046));
        // Each over the transport that was looked up: real daemons go by that alone.
        assertThat(rpcbind.asked()).containsExactly("GETADDR v4 TCP", "GETADDR v4 UDP");
    }

    @Test
    void onlyTheLastVersionsEmptyAnswerMeansNotRegistered() {
        serveUdp(there, THERE6);
        rpcbind.answer(RpcbindProtocol.V4.getAddress(), wanted -> "");
        assertThat(await(lookUp(THERE6))).isEmpty();
        rpcbind.answer(RpcbindProtocol.V3.getAddress(), wanted -> "");
        assertThat(await(lookUp(THERE6))).isEmpty();
    }

    @Test
    void nonsenseIsAFailureUnlessAnotherVersionKnowsBetter() {
        serveUdp(there, THERE6);
        rpcbind.answer(RpcbindProtocol.V4.getAddress(), wanted -> "localhost.15.205");
        assertThat(awaitFailure(lookUp(THERE6))).isInstanceOf(RpcRejectedException.class);
        rpcbind.answer(RpcbindProtocol.V3.getAddress(), wanted -> "::.0.0");
        assertThat(awaitFailure(lookUp(THERE6)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("::.0.0");
        rpcbind.answer(RpcbindProtocol.V3.getAddress(), wanted -> "::.15.205");
        assertThat(await(lookUp(THERE6))).isPresent();
    }

    @Test
    void addressOfAnotherHostIsNotFollowed() {
        serveUdp(there, THERE6);
        rpcbind.answer(RpcbindProtocol.V4.getAddress(), wanted -> "fd00::bad.15.205");
        assertThat(await(lookUp(THERE6))).contains(new InetSocketAddress(THERE6, 4045));
    }

    @Test
    void portBeyondSixteenBitsIsABadReply() {
        serveUdp(there, THERE);
        var wide =
                new org.oncrpckit.rpc.Procedure<>(
                        PortmapProtocol.PROGRAM,
                        3,
                        "PMAPPROC_GETPORT",
                        PortmapProtocol.GETPORT.arguments(),
                        org.oncrpckit.xdr.XdrCodecs.INT);
        rpcbind.answer(wide, mapping -> 65_536 + 22);
        Throwable failure = awaitFailure(lookUp(THERE));
        // Versions 4 and 3 are asked after the nonsense, and refused.
        assertThat(failure).isInstanceOf(RpcRejectedException.class);
        assertThat(
                        awaitFailure(
                                client.call(
                                        org.oncrpckit.rpc.client.RpcTarget.udp(
                                                new InetSocketAddress(THERE, 111)),
                                        PortmapProtocol.GETPORT,
                                        new Mapping(NLM, 6, 0),
                                        OPTIONS)))
                .isInstanceOf(RpcBadReplyException.class);
    }

    @Test
    void tcpIsAskedWhenUdpDoesNotAnswer() {
        serveTcp(there, THERE);
        rpcbind.answer(PortmapProtocol.GETPORT, mapping -> 4045);
        long before = time.nanoTime();
        assertThat(await(lookUp(THERE))).isPresent();
        assertThat(Duration.ofNanos(time.nanoTime() - before))
                .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_100));
        assertThat(rpcbind.asked()).containsExactly("GETPORT v2 TCP");
    }

    @Test
    void deadHostFailsWithinTheTimeLimit() {
        InetAddress nobody = address("10.0.0.99");
        long before = time.nanoTime();
        Throwable failure = awaitFailure(lookUp(nobody));
        assertThat(failure).isInstanceOf(RpcException.class);
        assertThat(failure.getSuppressed()).hasAtLeastOneElementOfType(RpcTimeoutException.class);
        assertThat(Duration.ofNanos(time.nanoTime() - before))
                .isLessThanOrEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void askingWhereASocketFileIsMakesNoSense() {
        assertThatThrownBy(() -> asker.lookUp(THERE, null, NLM, Transport.UNIX, OPTIONS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dumpNamesTheOwners() {
        serveTcp(there, THERE);
        List<Registration> all =
                List.of(
                        new Registration(NLM, "udp", "0.0.0.0.15.205", "superuser"),
                        new Registration(NLM, "local", "/run/nlm.sock", "1000"));
        rpcbind.answer(RpcbindProtocol.V4.dump(), nothing -> all);
        assertThat(await(asker.dump(THERE, OPTIONS))).isEqualTo(all);
        assertThat(rpcbind.asked()).containsExactly("DUMP v4 TCP");
    }

    @Test
    void dumpOfAPortMapperHasNoOwners() {
        serveTcp(there, THERE);
        rpcbind.answer(
                PortmapProtocol.DUMP,
                nothing ->
                        List.of(
                                new Mapping(NLM, PortmapProtocol.TCP, 4045),
                                new Mapping(NLM, 132, 4045)));
        assertThat(await(asker.dump(THERE, OPTIONS)))
                .containsExactly(
                        new Registration(NLM, "tcp", "0.0.0.0.15.205", ""),
                        new Registration(NLM, "132", "0.0.0.0.15.205", ""));
    }

    @Test
    void registersOverTheUnixSocketWhereThereIsOne() throws IOException {
        here.listen(LocalRpcbind.DEFAULT.socket(), endpoint -> endpoint.receiveCalls(rpcbind));
        Registration mine = new Registration(NLM, "udp", "10.0.0.1.15.205", "");
        rpcbind.answer(RpcbindProtocol.V4.set(), mine::equals);
        rpcbind.answer(RpcbindProtocol.V4.unset(), all -> all.netid().isEmpty());
        assertThat(await(asker.unset(NLM, OPTIONS))).isTrue();
        assertThat(await(asker.set(mine, OPTIONS))).isTrue();
        assertThat(rpcbind.asked()).containsExactly("UNSET v4 UNIX", "SET v4 UNIX");
    }

    @Test
    void registersOverLoopbackFromAPrivilegedPortOtherwise() {
        serveUdp(here, address("127.0.0.1"));
        rpcbind.answer(
                PortmapProtocol.SET,
                mapping -> mapping.equals(new Mapping(NLM, PortmapProtocol.UDP, 4045)));
        rpcbind.answer(PortmapProtocol.UNSET, mapping -> mapping.programVersion().equals(NLM));
        assertThat(await(asker.unset(NLM, OPTIONS))).isTrue();
        Registration mine = new Registration(NLM, "udp", "10.0.0.1.15.205", "");
        assertThat(await(asker.set(mine, OPTIONS))).isTrue();
        assertThat(rpcbind.asked())
                .containsExactly("UNSET v2 UDP privileged", "SET v2 UDP privileged");
        Registration ipv6 = new Registration(NLM, "udp6", "::1.15.205", "");
        rpcbind.answer(RpcbindProtocol.V3.set(), ipv6::equals);
        assertThat(await(asker.set(ipv6, OPTIONS))).isTrue();
        assertThat(rpcbind.asked()).endsWith("SET v3 UDP privileged");
    }

    @Test
    void refusalIsFalse() throws IOException {
        here.listen(LocalRpcbind.DEFAULT.socket(), endpoint -> endpoint.receiveCalls(rpcbind));
        rpcbind.answer(RpcbindProtocol.V4.set(), mine -> false);
        assertThat(await(asker.set(new Registration(NLM, "udp", "1.1.1.1.1.1", ""), OPTIONS)))
                .isFalse();
    }

    @Test
    void noLocalRpcbindIsAFailure() {
        assertThat(awaitFailure(asker.unset(NLM, OPTIONS))).isInstanceOf(RpcException.class);
    }

    @Test
    void allThatIsTriedForOneRequestSharesItsTimeLimit() throws IOException {
        rpcbind.answer(PortmapProtocol.NULL, nothing -> nothing);
        here.listen(
                LocalRpcbind.DEFAULT.socket(),
                endpoint ->
                        endpoint.receiveCalls(
                                (on, from, call) -> {
                                    ByteBuffer kept =
                                            ByteBuffer.allocate(call.remaining()).put(call).flip();
                                    time.schedule(
                                            Duration.ofSeconds(15),
                                            () -> rpcbind.received(on, from, kept));
                                }));
        for (CompletableFuture<?> request :
                List.of(asker.unset(NLM, OPTIONS), asker.dumpLocal(OPTIONS))) {
            assertThat(awaitFailure(request)).isInstanceOf(RpcTimeoutException.class);
        }
        assertThat(Duration.ofNanos(time.nanoTime()))
                .isBetween(OPTIONS.timeLimit(), OPTIONS.timeLimit().plusSeconds(1));
    }

    @Test
    void pingTellsWhetherAnybodyAnswers() {
        serveUdp(there, THERE);
        rpcbind.answer(PortmapProtocol.NULL, nothing -> nothing);
        assertThat(await(asker.ping(THERE, OPTIONS))).isNotNull();
        assertThat(awaitFailure(asker.ping(address("10.0.0.99"), OPTIONS)))
                .isInstanceOf(RpcException.class);
    }

    @Test
    void rpcbindOfAnotherPortIsAskedThere() throws IOException {
        there.bindDatagram(new InetSocketAddress(THERE, 1111)).receiveCalls(rpcbind);
        rpcbind.answer(PortmapProtocol.GETPORT, mapping -> 4045);
        RpcbindClient elsewhere = asker.atPort(1111);
        assertThat(await(elsewhere.lookUp(THERE, null, NLM, Transport.UDP, OPTIONS)))
                .contains(new InetSocketAddress(THERE, 4045));
        for (int wrong : new int[] {0, -1, 65_536}) {
            assertThatThrownBy(() -> asker.atPort(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("port " + wrong + " (expected: 1 to 65535)");
        }
    }
}
