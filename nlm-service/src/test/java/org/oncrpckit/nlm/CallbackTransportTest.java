package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.simulation.TraceEvent;
import org.oncrpckit.rpc.transport.Transport;

/** Over what, and from where, clients hear of their locks. */
class CallbackTransportTest {
    private static final InetSocketAddress LISTENING =
            new InetSocketAddress(World.SERVER, World.NLM_PORT);

    private final World world = new World();

    @Test
    void theTransportOfTheLockUnlessToldOtherwise() {
        World.Daemon daemon = world.start();
        LinuxClient tcp = world.client(1);
        LinuxClient udp = world.client(2);
        udp.transport = Transport.UDP;

        grantAll(daemon, tcp, udp);

        assertThat(world.grantedMessages())
                .extracting(TraceEvent::transport)
                .containsExactly(Transport.TCP, Transport.UDP);
    }

    @Test
    void allOverUdpFromTheListeningPort() {
        World.Daemon daemon = overUdp();
        LinuxClient udp = world.client(2);
        udp.transport = Transport.UDP;

        grantAll(daemon, world.client(1), udp, world.client(3));

        assertThat(world.grantedMessages())
                .hasSize(3)
                .allSatisfy(
                        call -> {
                            assertThat(call.transport()).isEqualTo(Transport.UDP);
                            assertThat(call.from()).isEqualTo(LISTENING);
                        });
    }

    @Test
    void fromTheAddressThatTheClientAsked() {
        World.Daemon daemon = overUdp();
        LinuxClient client = world.client(1);
        client.server = World.SECOND;

        grantAll(daemon, client);

        assertThat(world.grantedMessages())
                .singleElement()
                .satisfies(
                        call ->
                                assertThat(call.from())
                                        .isEqualTo(
                                                new InetSocketAddress(
                                                        World.SECOND, World.NLM_PORT)));
    }

    @Test
    void theTransportOfTheLockWhereTheClientHasNoUdp() {
        World.Daemon daemon = overUdp();
        LinuxClient client = world.client(1);
        client.rpcbind.clear();
        client.rpcbind.set(NlmVersion.V4.programVersion(), Transport.TCP, LinuxClient.LOCKD_PORT);

        grantAll(daemon, client);

        assertThat(world.grantedMessages())
                .extracting(TraceEvent::transport)
                .containsExactly(Transport.TCP);
    }

    private World.Daemon overUdp() {
        return world.start(builder -> builder.callbackTransport(CallbackTransport.UDP));
    }

    /** All wait for one lock and get it, one after the other. */
    private void grantAll(World.Daemon daemon, LinuxClient... clients) {
        LocalOwner holder = daemon.lockLocally("holder");
        List<Waiter> waiters = new ArrayList<>();
        for (LinuxClient each : clients) {
            waiters.add(each.waitFor(each.owner(), World.FILE, 0, 0, true));
            world.settle();
        }
        daemon.unlockLocally(holder);
        for (int i = 0; i < clients.length; i++) {
            Waiter next = waiters.get(i);
            assertThat(world.within(World.SECOND_1, () -> next.has)).isTrue();
            clients[i].close(next.owner, World.FILE);
        }
    }
}
