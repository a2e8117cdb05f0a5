package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerTableTest {
    private static final int CALLERS = 3;
    private static final int ROUNDS = 3_000;
    private static final InetSocketAddress THERE = SimulatedWorld.socket(1);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final ClientContext context = world.context(ClientLimits.DEFAULT);
    private final PeerTable table =
            new PeerTable(context, new StreamConnector(context, new NamedEndpoints(context)));

    /** In each round calls begin and end while the sweep finds that the host has been idle. */
    @Test
    void hostThatIsCalledIsNeverForgottenAndAForgottenOneNeverCalled() throws Exception {
        Set<Peer> used = ConcurrentHashMap.newKeySet();
        CyclicBarrier round = new CyclicBarrier(CALLERS + 1);
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                running.add(
                        callers.submit(
                                () -> {
                                    for (int n = 0; n < ROUNDS; n++) {
                                        round.await(30, TimeUnit.SECONDS);
                                        used.add(callOnce());
                                        used.add(callOnce());
                                    }
                                    return null;
                                }));
            }
            for (int n = 0; n < ROUNDS; n++) {
                round.await(30, TimeUnit.SECONDS);
                world.time.advance(PeerTable.REMEMBERED.plus(PeerTable.SWEEP_INTERVAL));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(used).as("the host was forgotten, too").hasSizeGreaterThan(1);
        world.time.advance(PeerTable.REMEMBERED.plus(PeerTable.SWEEP_INTERVAL));
        assertThat(table.size()).isZero();
    }

    private Peer callOnce() {
        DatagramPeer peer = table.acquire(THERE);
        assertThat(peer).isNotNull();
        assertThat(table.find(THERE)).as("in use, so in the table").isSameAs(peer);
        new Call<>(
                        context,
                        RpcTarget.udp(THERE),
                        CallMessage.of(Echo.ECHO, "", CallOptions.DEFAULT, false),
                        peer)
                .cancel(false);
        return peer;
    }
}
