package org.oncrpckit.rpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;

/** What every datagram endpoint does, whatever carries it. */
public abstract class DatagramContract {
    /** Longest datagram over IPv4. */
    private static final int BYTES_MAX = 65_507;

    protected TestWorld world;
    protected Endpoint server;
    protected Endpoint client;

    protected abstract TestWorld open() throws IOException;

    @BeforeEach
    void bind() throws IOException {
        world = open();
        server = world.server().bindDatagram((InetSocketAddress) world.serverAddress());
        client = world.client().bindDatagram((InetSocketAddress) world.clientAddress());
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void messageArrivesWholeWithItsSenderAndIsAnswered() {
        List<Object> senders = new CopyOnWriteArrayList<>();
        server.receiveCalls(
                (endpoint, from, message) -> {
                    senders.add(from);
                    endpoint.send(from, Messages.reply(message.getInt(), 100));
                });
        List<ByteBuffer> replies = Messages.collectReplies(client);

        assertThat(client.send(server.localAddress(), Messages.call(7, 40)))
                .isEqualTo(SendOutcome.SENT);
        world.await(() -> replies.size() == 1);

        assertThat(replies).containsExactly(Messages.reply(7, 100));
        assertThat(senders).containsExactly(client.localAddress());
        assertThat(server.statistics()).isEqualTo(new EndpointStatistics(1, 0, 0, 0, 1, 0, 0));
        assertThat(client.statistics()).isEqualTo(new EndpointStatistics(0, 1, 0, 0, 1, 0, 0));
    }

    @Test
    void describesItself() {
        assertThat(server.transport()).isEqualTo(Transport.UDP);
        assertThat(server.peer()).isEmpty();
        assertThat(server.peerCredential()).isEmpty();
        InetSocketAddress wanted = (InetSocketAddress) world.serverAddress();
        InetSocketAddress bound = (InetSocketAddress) server.localAddress();
        assertThat(bound.getAddress()).isEqualTo(wanted.getAddress());
        assertThat(bound.getPort()).isPositive();
    }

    @Test
    void whatNobodyTakesIsDroppedAndCounted() {
        List<ByteBuffer> calls = Messages.collectCalls(server);

        client.send(server.localAddress(), Messages.reply(1, 8));
        client.send(server.localAddress(), ByteBuffer.allocate(7));
        client.send(server.localAddress(), ByteBuffer.allocate(12).putInt(4, 2));
        client.send(server.localAddress(), ByteBuffer.allocate(0));
        client.send(server.localAddress(), Messages.call(2, 8));
        world.await(() -> server.statistics().malformed() == 3 && !calls.isEmpty());

        assertThat(server.statistics()).isEqualTo(new EndpointStatistics(1, 0, 1, 3, 0, 0, 0));
        assertThat(client.statistics().sent()).isEqualTo(5);
    }

    @Test
    void secondReceiverIsRefused() {
        Messages.collectCalls(server);
        Messages.collectReplies(server);

        assertThatThrownBy(() -> Messages.collectCalls(server))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("calls");
        assertThatThrownBy(() -> Messages.collectReplies(server))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("replies");
    }

    @Test
    void sendTakesPositionToLimitAndLeavesThem() {
        List<ByteBuffer> calls = Messages.collectCalls(server);
        ByteBuffer message = Messages.call(3, 60).position(0).limit(60);
        ByteBuffer inside = ByteBuffer.allocateDirect(100).position(20);
        inside.put(message.duplicate()).position(20).limit(80);

        client.send(server.localAddress(), inside);
        client.send(server.localAddress(), inside);
        world.await(() -> calls.size() == 2);

        assertThat(inside.position()).isEqualTo(20);
        assertThat(inside.limit()).isEqualTo(80);
        assertThat(calls).containsOnly(message);
    }

    @Test
    void threadThatIsInterruptedMaySend() {
        List<ByteBuffer> calls = Messages.collectCalls(server);

        Thread.currentThread().interrupt();
        SendOutcome outcome = client.send(server.localAddress(), Messages.call(1, 8));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome).isEqualTo(SendOutcome.SENT);
        world.await(() -> calls.size() == 1);
        assertThat(client.closed().toCompletableFuture()).isNotDone();
    }

    @Test
    void nameWithoutAnAddressCannotBeBoundAndIsNamed() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nobody.invalid", 9);

        assertThatThrownBy(() -> world.client().bindDatagram(unresolved))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("cannot bind nobody.invalid");
        assertThatThrownBy(() -> world.client().listen(unresolved, endpoint -> {}))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("cannot bind nobody.invalid");
    }

    @Test
    void longestDatagramArrivesAndLongerIsRefused() {
        List<ByteBuffer> calls = Messages.collectCalls(server);

        assertThat(client.send(server.localAddress(), Messages.call(1, BYTES_MAX)))
                .isEqualTo(SendOutcome.SENT);
        assertThat(client.send(server.localAddress(), Messages.call(1, 70_000)))
                .isEqualTo(SendOutcome.REFUSED);
        world.await(() -> calls.size() == 1);

        assertThat(calls).containsExactly(Messages.call(1, BYTES_MAX));
        assertThat(client.statistics().sent()).isOne();
        assertThat(client.statistics().notSent()).isOne();
    }

    @Test
    void addressThatCannotBeReachedFromTheSocketIsRefused() {
        boolean ipv4 =
                ((InetSocketAddress) client.localAddress()).getAddress() instanceof Inet4Address;
        InetSocketAddress other =
                new InetSocketAddress(Messages.address(ipv4 ? "2001:db8::1" : "192.0.2.1"), 9);
        ByteBuffer message = Messages.call(1, 8);

        assertThat(client.send(other, message)).isEqualTo(SendOutcome.REFUSED);
        assertThat(client.send(InetSocketAddress.createUnresolved("nowhere", 9), message))
                .isEqualTo(SendOutcome.REFUSED);
        assertThat(client.send(UnixDomainSocketAddress.of("/nowhere"), message))
                .isEqualTo(SendOutcome.REFUSED);
        InetSocketAddress local = (InetSocketAddress) server.localAddress();
        assertThat(client.send(new InetSocketAddress(local.getAddress(), 0), message))
                .isEqualTo(SendOutcome.REFUSED);
        assertThat(client.statistics().notSent()).isEqualTo(4);
        assertThat(client.send(local, message)).isEqualTo(SendOutcome.SENT);
    }

    @Test
    void receiverThatThrowsIsCountedAndTheNextMessageArrives() {
        List<Integer> xids = new CopyOnWriteArrayList<>();
        server.receiveCalls(
                (endpoint, from, message) -> {
                    int xid = message.getInt();
                    if (xid == 1) {
                        throw new IllegalStateException("expected in the log of this test");
                    }
                    xids.add(xid);
                });

        client.send(server.localAddress(), Messages.call(1, 8));
        client.send(server.localAddress(), Messages.call(2, 8));
        world.await(() -> xids.size() == 1);

        assertThat(xids).containsExactly(2);
        assertThat(server.statistics().receiverFailures()).isOne();
        assertThat(server.statistics().callsReceived()).isEqualTo(2);
    }

    @Test
    void receiverMayCloseItsEndpoint() {
        server.receiveCalls((endpoint, from, message) -> endpoint.close());

        client.send(server.localAddress(), Messages.call(1, 8));
        world.await(() -> server.closed().toCompletableFuture().isDone());

        assertThat(server.closed().toCompletableFuture()).isCompletedWithValue(CloseReason.LOCAL);
    }

    @Test
    void closedEndpointGivesItsPortBackAtOnce() throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        server.close();
        server.close();

        assertThat(server.send(client.localAddress(), Messages.call(1, 8)))
                .isEqualTo(SendOutcome.CLOSED);
        assertThat(server.closed().toCompletableFuture()).isCompletedWithValue(CloseReason.LOCAL);
        assertThat(server.statistics().notSent()).isZero();
        for (int i = 0; i < 500; i++) {
            world.server().bindDatagram(address).close();
        }
    }

    @Test
    void portThatIsTakenCannotBeBoundAgain() {
        InetSocketAddress taken = (InetSocketAddress) server.localAddress();

        assertThatThrownBy(() -> world.server().bindDatagram(taken))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(taken.toString())
                .hasMessageContaining("in use");
    }

    @Test
    void suspendIsIgnored() {
        List<ByteBuffer> calls = Messages.collectCalls(server);
        server.suspendReading();

        client.send(server.localAddress(), Messages.call(1, 8));
        world.await(() -> calls.size() == 1);
        server.resumeReading();
    }

    @Test
    void privilegedPortIsOneBelow1024ThatNobodyWants() throws IOException {
        assumeTrue(world.allowsPrivilegedPorts(), "ports below 1024 need a right");
        PortPolicy policy = new PortPolicy.Privileged(Set.of(1023, 1021));
        InetSocketAddress address = (InetSocketAddress) world.clientAddress();
        try (Endpoint first = policy.bindDatagram(world.client(), address.getAddress());
                Endpoint second = policy.bindDatagram(world.client(), address.getAddress())) {
            assertThat(((InetSocketAddress) first.localAddress()).getPort())
                    .isBetween(512, 1022)
                    .isNotEqualTo(1021);
            assertThat(second.localAddress()).isNotEqualTo(first.localAddress());
        }
    }
}
