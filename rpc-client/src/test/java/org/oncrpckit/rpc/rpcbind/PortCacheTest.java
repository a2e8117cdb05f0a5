package org.oncrpckit.rpc.rpcbind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Transport;

class PortCacheTest {
    private static final ProgramVersion NLM = new ProgramVersion(100_021, 4);

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1);
    private final ScriptedRpcbind rpcbind = new ScriptedRpcbind();
    private final AtomicInteger port = new AtomicInteger(4045);
    private InetAddress there;
    private PortCache cache;

    @BeforeEach
    void openNetwork() throws Exception {
        there = InetAddress.getByName("10.0.0.2");
        SimulatedHost here = network.host(InetAddress.getByName("10.0.0.1"));
        network.host(there).bindDatagram(new InetSocketAddress(there, 111)).receiveCalls(rpcbind);
        rpcbind.answer(PortmapProtocol.GETPORT, mapping -> port.get());
        RpcClient client = RpcClient.builder(network.platform(here)).build();
        cache = new PortCache(new RpcbindClient(client), time, Duration.ofMinutes(2), 2);
    }

    private CompletableFuture<Optional<InetSocketAddress>> start(int version) {
        return cache.lookUp(
                there,
                null,
                new ProgramVersion(NLM.program(), version),
                Transport.UDP,
                CallOptions.DEFAULT);
    }

    private int lookUp(int version) {
        CompletableFuture<Optional<InetSocketAddress>> answer = start(version);
        assertThat(time.runUntil(answer::isDone, Duration.ofMinutes(1))).isTrue();
        return answer.join().map(InetSocketAddress::getPort).orElse(0);
    }

    @Test
    void addressIsRememberedForItsLifetime() {
        assertThat(lookUp(4)).isEqualTo(4045);
        port.set(4046);
        time.advance(Duration.ofSeconds(119));
        assertThat(lookUp(4)).isEqualTo(4045);
        time.advance(Duration.ofSeconds(2));
        assertThat(lookUp(4)).isEqualTo(4046);
        assertThat(rpcbind.asked()).hasSize(2);
    }

    @Test
    void requestsAtTheSameTimeBecomeOneAndCancelOnlyThemselves() {
        CompletableFuture<Optional<InetSocketAddress>> first = start(4);
        CompletableFuture<Optional<InetSocketAddress>> second = start(4);
        assertThat(first.cancel(true)).isTrue();
        time.advance(Duration.ofSeconds(1));
        assertThat(second.join()).isPresent();
        assertThat(rpcbind.asked()).hasSize(1);
    }

    @Test
    void invalidatedAddressIsAskedForAgain() {
        lookUp(4);
        cache.invalidate(there);
        lookUp(4);
        cache.invalidate(there, NLM, Transport.UDP);
        lookUp(4);
        assertThat(rpcbind.asked()).hasSize(3);
    }

    @Test
    void answerOfARequestThatWasInvalidatedMeanwhileIsNotKept() {
        CompletableFuture<Optional<InetSocketAddress>> running = start(4);
        cache.invalidate(there);
        time.advance(Duration.ofSeconds(1));
        assertThat(running.join()).isPresent();
        lookUp(4);
        assertThat(rpcbind.asked()).hasSize(2);
    }

    @Test
    void failureIsNotRememberedAndReachesEverybodyWhoWaits() throws Exception {
        InetAddress silent = InetAddress.getByName("10.0.0.3");
        SimulatedHost host = network.host(silent);
        List<CompletableFuture<Optional<InetSocketAddress>>> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(cache.lookUp(silent, null, NLM, Transport.UDP, CallOptions.DEFAULT));
        }
        assertThat(cache.size()).isOne();
        time.advance(Duration.ofMinutes(1));
        assertThat(waiting).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(cache.size()).isZero();

        host.bindDatagram(new InetSocketAddress(silent, 111)).receiveCalls(rpcbind);
        CompletableFuture<Optional<InetSocketAddress>> again =
                cache.lookUp(silent, null, NLM, Transport.UDP, CallOptions.DEFAULT);
        assertThat(time.runUntil(again::isDone, Duration.ofMinutes(1))).isTrue();
        assertThat(again.join()).contains(new InetSocketAddress(silent, 4045));
    }

    @Test
    void absenceIsNotRemembered() {
        port.set(0);
        assertThat(lookUp(4)).isZero();
        assertThat(cache.size()).isZero();
        assertThat(lookUp(4)).isZero();
        assertThat(rpcbind.asked()).hasSize(2);
    }

    @Test
    void oldestGoesFirstWhenItIsFull() {
        lookUp(1);
        lookUp(3);
        lookUp(4);
        assertThat(cache.size()).isEqualTo(2);
        lookUp(4);
        lookUp(3);
        assertThat(rpcbind.asked()).hasSize(3);
        lookUp(1);
        assertThat(rpcbind.asked()).hasSize(4);
    }

    @Test
    void questionThatCannotBeAskedLeavesNobodyWaiting() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(
                            () ->
                                    cache.lookUp(
                                            there, null, NLM, Transport.UNIX, CallOptions.DEFAULT))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(cache.size()).isZero();
    }
}
