package org.oncrpckit.rpc.rpcbind;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTimeoutException;
import org.oncrpckit.rpc.client.RpcUnreachableException;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodecs;

/** A program that moves from port 700 to 800, and callers who remember 700. */
class ServiceCallerTest {
    private static final ProgramVersion PROGRAM = new ProgramVersion(0x2000_0021, 1);
    private static final Procedure<String, String> GREET =
            new Procedure<>(PROGRAM, 1, "GREET", XdrCodecs.string(100), XdrCodecs.string(100));
    private static final Procedure<String, String> OTHER_VERSION =
            new Procedure<>(
                    new ProgramVersion(PROGRAM.program(), 9),
                    1,
                    "GREET",
                    XdrCodecs.string(100),
                    XdrCodecs.string(100));
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(20));

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 7);
    private final InetAddress address = InetAddress.getByName("10.0.0.2");
    private final SimulatedHost there = network.host(address);
    private final RpcClient client;
    private final PortCache ports;
    private final ServiceCaller caller;
    private final ServiceCaller.Host overUdp = new ServiceCaller.Host(address, Transport.UDP);
    private final ServiceCaller.Host overTcp = new ServiceCaller.Host(address, Transport.TCP);
    private final ScriptedRpcbind service =
            new ScriptedRpcbind().answer(GREET, name -> "hi " + name);
    private final ScriptedRpcbind rpcbind = new ScriptedRpcbind();
    private int registered = 700;

    ServiceCallerTest() throws Exception {
        SimulatedHost here = network.host(InetAddress.getByName("10.0.0.1"));
        client = RpcClient.builder(network.platform(here)).build();
        ports = new PortCache(new RpcbindClient(client), time);
        caller = new ServiceCaller(client, ports);
    }

    @BeforeEach
    void startRpcbind() throws Exception {
        rpcbind.answer(PortmapProtocol.GETPORT, mapping -> registered);
        there.bindDatagram(new InetSocketAddress(address, 111)).receiveCalls(rpcbind);
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(client.statistics().running()).isZero();
        client.close();
    }

    private <R> R await(CompletableFuture<R> future) {
        assertThat(time.runUntil(future::isDone, Duration.ofHours(1))).isTrue();
        return future.join();
    }

    private Throwable awaitFailure(CompletableFuture<?> future) {
        try {
            throw new AssertionError("no failure but " + await(future));
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private void serveUdp(int port, ScriptedRpcbind server) throws Exception {
        there.bindDatagram(new InetSocketAddress(address, port)).receiveCalls(server);
    }

    private void serveTcp(int port, ScriptedRpcbind server) throws Exception {
        there.listen(
                new InetSocketAddress(address, port), endpoint -> endpoint.receiveCalls(server));
    }

    /** The service leaves its port and registers another one. */
    private void move(boolean tcp) throws Exception {
        there.kill();
        startRpcbind();
        registered = 800;
        if (tcp) {
            serveTcp(800, service);
        } else {
            serveUdp(800, service);
        }
    }

    @Test
    void asksOnceAndRemembers() throws Exception {
        serveUdp(700, service);
        assertThat(await(caller.call(overUdp, GREET, "a", OPTIONS))).isEqualTo("hi a");
        assertThat(await(caller.call(overUdp, GREET, "b", OPTIONS))).isEqualTo("hi b");
        assertThat(rpcbind.asked()).hasSize(1);
    }

    @Test
    void refusedConnectionLeadsToTheNewPort() throws Exception {
        serveTcp(700, service);
        assertThat(await(caller.call(overTcp, GREET, "a", OPTIONS))).isEqualTo("hi a");
        move(true);
        time.advance(Duration.ofSeconds(1));
        assertThat(await(caller.call(overTcp, GREET, "b", OPTIONS))).isEqualTo("hi b");
        assertThat(await(caller.call(overTcp, GREET, "c", OPTIONS))).isEqualTo("hi c");
        assertThat(rpcbind.asked()).hasSize(2);
    }

    @Test
    void anotherProgramAtTheOldPortLeadsToTheNewOne() throws Exception {
        serveUdp(700, service);
        await(caller.call(overUdp, GREET, "a", OPTIONS));
        move(false);
        serveUdp(700, new ScriptedRpcbind().answer(OTHER_VERSION, name -> "no"));
        assertThat(await(caller.call(overUdp, GREET, "b", OPTIONS))).isEqualTo("hi b");
        assertThat(rpcbind.asked()).hasSize(2);
    }

    @Test
    void silenceForgetsThePortAndRepeatsNothing() throws Exception {
        serveUdp(700, service);
        await(caller.call(overUdp, GREET, "a", OPTIONS));
        move(false);
        assertThat(awaitFailure(caller.call(overUdp, GREET, "b", OPTIONS)))
                .isInstanceOf(RpcTimeoutException.class);
        assertThat(await(caller.call(overUdp, GREET, "c", OPTIONS))).isEqualTo("hi c");
    }

    @Test
    void idempotentCallIsRepeatedAfterSilence() throws Exception {
        serveUdp(700, service);
        await(caller.call(overUdp, GREET, "a", OPTIONS));
        move(false);
        long start = time.nanoTime();
        assertThat(await(caller.callIdempotent(overUdp, GREET, "b", OPTIONS))).isEqualTo("hi b");
        assertThat(Duration.ofNanos(time.nanoTime() - start))
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    }

    @Test
    void samePortAgainIsNotCalledAgain() throws Exception {
        serveUdp(700, new ScriptedRpcbind().answer(OTHER_VERSION, name -> "no"));
        assertThat(awaitFailure(caller.call(overUdp, GREET, "a", OPTIONS)))
                .isInstanceOf(RpcRejectedException.class);
        assertThat(client.statistics().rejected()).isEqualTo(1);
        assertThat(awaitFailure(caller.call(overTcp, GREET, "a", OPTIONS)))
                .isInstanceOf(RpcUnreachableException.class);
    }

    @Test
    void unregisteredProgramIsNotCalled() {
        registered = 0;
        assertThat(awaitFailure(caller.call(overUdp, GREET, "a", OPTIONS)))
                .isInstanceOf(NotRegisteredException.class)
                .hasMessageContaining("is not registered for UDP on 10.0.0.2");
    }

    @Test
    void rebootNoticeForgetsTheHost() throws Exception {
        serveUdp(700, service);
        await(caller.call(overUdp, GREET, "a", OPTIONS));
        move(false);
        ports.invalidate(address);
        assertThat(await(caller.call(overUdp, GREET, "b", OPTIONS))).isEqualTo("hi b");
        assertThat(client.statistics().timedOut()).isZero();
    }
}
