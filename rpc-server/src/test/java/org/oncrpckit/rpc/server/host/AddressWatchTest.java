package org.oncrpckit.rpc.server.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.oncrpckit.rpc.server.host.ChangingHost.address;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcClosedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/** Addresses of loopback's network come and go, over real sockets. */
class AddressWatchTest {
    private static final ProgramVersion PROGRAM = new ProgramVersion(0x2000_0601, 1);
    private static final Procedure<Nothing, Nothing> NULL =
            new Procedure<>(PROGRAM, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID);

    /** Answers when the test says so. */
    private static final Procedure<Nothing, Nothing> LATER =
            new Procedure<>(PROGRAM, 1, "LATER", XdrCodecs.VOID, XdrCodecs.VOID);

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(20));

    private final ChangingHost host = new ChangingHost("127.0.0.2");
    private final Queue<CompletableFuture<Nothing>> later = new ConcurrentLinkedQueue<>();
    private final Queue<SocketAddress> callers = new ConcurrentLinkedQueue<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Teardown teardown = new Teardown();
    private final RpcClient caller = RpcClient.builder(host.platform()).build();
    private final RpcServer server = RpcServer.builder(host.platform()).program(program()).build();

    AddressWatchTest() {
        teardown.add(host);
        teardown.add(caller);
        teardown.add(server);
    }

    private RpcProgram program() {
        return RpcProgram.builder(PROGRAM.program(), "later")
                .idempotent(
                        NULL,
                        (call, nothing) -> {
                            callers.add(call.peer());
                            return nothing;
                        })
                .asynchronous(
                        LATER,
                        (call, nothing) -> {
                            CompletableFuture<Nothing> answer = new CompletableFuture<>();
                            later.add(answer);
                            call.answerFrom(answer);
                        })
                .build();
    }

    @AfterEach
    void close() {
        teardown.close();
    }

    private ServicePort.Builder everyAddress() throws StartupException {
        return ServicePort.builder(host.platform(), server)
                .addresses(ListenAddresses.parse(List.of("0.0.0.0"), "--listen"))
                .listener(new Recorded());
    }

    private ServicePort open(ServicePort.Builder settings) throws StartupException {
        ServicePort port = settings.open();
        teardown.add(port);
        teardown.add(AddressWatch.builder(host.platform()).interval(INTERVAL).port(port).start());
        return port;
    }

    @Test
    void addressThatCannotBeBoundYetDoesNotKeepTheOthersFromBeingServed() throws Exception {
        // Of the documentation's network: listed here, and not bindable, like an IPv6 address that
        // the kernel still checks for a double.
        host.has("192.0.2.1", "127.0.0.2");
        ServicePort port = open(everyAddress());
        assertThat(port.addresses()).containsExactly(ChangingHost.address("127.0.0.2"));
        await().until(() -> events.contains("?192.0.2.1"));
    }

    private final class Recorded implements ServicePortListener {
        @Override
        public void addressAdded(ServicePort port, InetAddress address) {
            events.add("+" + ListenAddresses.format(address));
            throw new IllegalStateException("what a listener throws has no effect");
        }

        @Override
        public void addressRemoved(ServicePort port, InetAddress address) {
            events.add("-" + ListenAddresses.format(address));
        }

        @Override
        public void addressNotServed(ServicePort port, InetAddress address, IOException reason) {
            events.add("?" + ListenAddresses.format(address));
        }
    }

    private static RpcTarget udp(String address, ServicePort port) {
        return RpcTarget.udp(new InetSocketAddress(address(address), port.number()));
    }

    private static RpcTarget tcp(String address, ServicePort port) {
        return RpcTarget.tcp(new InetSocketAddress(address(address), port.number()));
    }

    private void awaitEvents(String... expected) {
        await().atMost(Duration.ofSeconds(20)).until(() -> events.equals(List.of(expected)));
    }

    @Test
    void addressThatAppearsIsServedOverUdpAndTcp() throws Exception {
        ServicePort port = open(everyAddress());
        host.has("127.0.0.2", "127.0.0.3");
        awaitEvents("+127.0.0.3");
        for (RpcTarget target : List.of(udp("127.0.0.3", port), tcp("127.0.0.3", port))) {
            caller.callAndWait(target, NULL, Nothing.NOTHING, OPTIONS);
        }
        assertThat(port.addresses()).containsExactly(address("127.0.0.2"), address("127.0.0.3"));
    }

    @Test
    void addressThatVanishesTakesItsCallsWithItAndNoOthers() throws Exception {
        host.has("127.0.0.2", "127.0.0.3");
        ServicePort port = open(everyAddress());
        CompletableFuture<Nothing> lost =
                caller.call(tcp("127.0.0.3", port), LATER, Nothing.NOTHING, OPTIONS);
        await().until(() -> later.size() == 1);
        CompletableFuture<Nothing> kept =
                caller.call(tcp("127.0.0.2", port), LATER, Nothing.NOTHING, OPTIONS);
        await().until(() -> later.size() == 2);

        host.has("127.0.0.2");

        awaitEvents("-127.0.0.3");
        assertThat(lost)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(RpcClosedException.class);
        later.forEach(answer -> answer.complete(Nothing.NOTHING));
        kept.get(20, TimeUnit.SECONDS);
        await().until(() -> server.statistics().callsInProgress() == 0);
        try (DatagramSocket free =
                new DatagramSocket(new InetSocketAddress(address("127.0.0.3"), port.number()))) {
            assertThat(free.isBound()).as("the port is free there").isTrue();
        }

        host.has("127.0.0.2", "127.0.0.3");
        awaitEvents("-127.0.0.3", "+127.0.0.3");
        caller.callAndWait(tcp("127.0.0.3", port), NULL, Nothing.NOTHING, OPTIONS);
    }

    @Test
    void addressThatCannotBeBoundIsToldOnceAndTriedAgain() throws Exception {
        ServicePort port = open(everyAddress());
        InetSocketAddress wanted = new InetSocketAddress(address("127.0.0.4"), port.number());
        DatagramSocket other = new DatagramSocket(wanted);
        host.has("127.0.0.2", "127.0.0.4", "127.0.0.5");
        awaitEvents("?127.0.0.4", "+127.0.0.5");
        other.close();
        awaitEvents("?127.0.0.4", "+127.0.0.5", "+127.0.0.4");
        caller.callAndWait(udp("127.0.0.4", port), NULL, Nothing.NOTHING, OPTIONS);
    }

    @Test
    void callsFromANewAddressLeaveFromTheServicePort() throws Exception {
        RpcClient callBacks = RpcClient.builder(host.platform()).build();
        teardown.add(callBacks);
        ServicePort port = open(everyAddress().callBackClient(callBacks));
        host.has("127.0.0.2", "127.0.0.3");
        awaitEvents("+127.0.0.3");
        callBacks.callAndWait(
                udp("127.0.0.2", port).from(address("127.0.0.3")), NULL, Nothing.NOTHING, OPTIONS);
        assertThat(callers)
                .containsExactly(new InetSocketAddress(address("127.0.0.3"), port.number()));
    }

    @Test
    void namedAddressIsNotGivenUp() throws Exception {
        ServicePort port =
                open(
                        ServicePort.builder(host.platform(), server)
                                .addresses(ListenAddresses.of(List.of(address("127.0.0.2")))));
        assertThat(port.follows()).isFalse();
        host.has("127.0.0.9");
        port.follow(host.localAddresses());
        assertThat(port.addresses()).containsExactly(address("127.0.0.2"));
        caller.callAndWait(udp("127.0.0.2", port), NULL, Nothing.NOTHING, OPTIONS);
    }

    @Test
    void closedPortFollowsNoMore() throws Exception {
        ServicePort port = everyAddress().open();
        port.close();
        port.follow(List.of(address("127.0.0.2"), address("127.0.0.3")));
        assertThat(port.addresses()).isEmpty();
        assertThat(events).isEmpty();
    }
}
