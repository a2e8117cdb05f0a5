package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.testing.HeldResources;
import org.oncrpckit.rpc.testing.HostFacts;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.StreamListener;

/** What only real sockets have: kernels, threads, routes. */
class SocketNetworkTest {
    private static final InetAddress LOOPBACK = Messages.address("127.0.0.1");
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);

    private final SocketPlatform sockets = SocketPlatform.open();
    private final Network network = sockets.platform().network();

    @AfterEach
    void close() {
        sockets.close();
    }

    @Test
    void manyThreadsSendThroughOneSocketAndInterruptsDoNotHurtIt() throws Exception {
        Endpoint server = network.bindDatagram(ANY_PORT);
        server.receiveCalls(
                (endpoint, from, message) ->
                        endpoint.send(from, Messages.reply(message.getInt(), 64)));
        Endpoint client = network.bindDatagram(ANY_PORT);
        Semaphore window = new Semaphore(64);
        AtomicInteger replies = new AtomicInteger();
        client.receiveReplies(
                (endpoint, from, message) -> {
                    replies.incrementAndGet();
                    window.release();
                });
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 32; t++) {
            Thread thread =
                    new Thread(
                            () -> {
                                for (int i = 0; i < 500; i++) {
                                    window.acquireUninterruptibly();
                                    Thread.currentThread().interrupt();
                                    client.send(server.localAddress(), Messages.call(i, 64));
                                }
                            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        await().until(() -> replies.get() == 32 * 500);

        assertThat(client.statistics().sent()).isEqualTo(32 * 500);
        assertThat(client.statistics().notSent()).isZero();
        assertThat(client.closed().toCompletableFuture()).isNotDone();
    }

    @Test
    void nobodyCanBindTheUdpPortBesidesUs() throws Exception {
        InetSocketAddress ours = (InetSocketAddress) network.bindDatagram(ANY_PORT).localAddress();
        try (DatagramChannel thief = DatagramChannel.open(StandardProtocolFamily.INET)) {
            thief.setOption(StandardSocketOptions.SO_REUSEADDR, true);

            assertThatThrownBy(() -> thief.bind(ours)).isInstanceOf(BindException.class);
        }
    }

    @Test
    void datagramsToAPortThatNobodyHasDoNotHurt() throws Exception {
        Endpoint gone = network.bindDatagram(ANY_PORT);
        gone.close();
        Endpoint endpoint = network.bindDatagram(ANY_PORT);
        List<ByteBuffer> calls = Messages.collectCalls(endpoint);

        for (int i = 0; i < 100; i++) {
            assertThat(endpoint.send(gone.localAddress(), Messages.call(i, 8)))
                    .isEqualTo(SendOutcome.SENT);
        }
        endpoint.send(endpoint.localAddress(), Messages.call(7, 8));

        await().until(() -> calls.size() == 1);
    }

    @Test
    void receiverThatMeetsAnErrorOfTheJvmEndsNoThread() throws Exception {
        Endpoint server = network.bindDatagram(ANY_PORT);
        server.receiveCalls(
                (endpoint, from, message) -> {
                    if (message.getInt() == 1) {
                        throw new StackOverflowError("expected in the log of this test");
                    }
                });
        Endpoint client = network.bindDatagram(ANY_PORT);

        client.send(server.localAddress(), Messages.call(1, 8));
        client.send(server.localAddress(), Messages.call(2, 8));

        await().until(() -> server.statistics().callsReceived() == 2);
        assertThat(server.statistics().receiverFailures()).isOne();
    }

    @Test
    void linkLocalAddressesCarryTheirScope() throws Exception {
        InetAddress linkLocal =
                network.localAddresses().stream()
                        .filter(each -> each instanceof Inet6Address && each.isLinkLocalAddress())
                        .findFirst()
                        .orElse(null);
        assumeTrue(linkLocal != null, "this host has no link-local address");
        Endpoint server = network.bindDatagram(new InetSocketAddress(linkLocal, 0));
        Endpoint client = network.bindDatagram(new InetSocketAddress(linkLocal, 0));
        List<Integer> scopes = new CopyOnWriteArrayList<>();
        server.receiveCalls(
                (endpoint, from, message) -> {
                    InetAddress address = ((InetSocketAddress) from).getAddress();
                    scopes.add(((Inet6Address) address).getScopeId());
                });

        assertThat(client.send(server.localAddress(), Messages.call(1, 8)))
                .isEqualTo(SendOutcome.SENT);
        await().until(() -> scopes.size() == 1);

        assertThat(scopes).containsExactly(((Inet6Address) linkLocal).getScopeId());
        assertThat(network.sourceFor(linkLocal)).isEqualTo(linkLocal);
    }

    @Test
    void sourceIsTheAddressThatRoutingPicks() throws Exception {
        assertThat(network.localAddresses()).contains(LOOPBACK);
        assertThat(network.sourceFor(Messages.address("127.0.0.9"))).isEqualTo(LOOPBACK);
        assertThat(network.sourceFor(Messages.address("127.0.0.9"))).isEqualTo(LOOPBACK);
        byte[] linkLocal = Messages.address("fe80::1").getAddress();
        InetAddress beyondNoInterface = Inet6Address.getByAddress(null, linkLocal, 99_999);
        assertThatThrownBy(() -> network.sourceFor(beyondNoInterface))
                .isInstanceOf(NoRouteToHostException.class)
                .hasMessageContaining("fe80");
    }

    @Test
    void connectLeavesFromTheAddressAskedFor() throws Exception {
        assumeTrue(HostFacts.allowsPrivilegedPorts(), "ports below 1024 need a right");
        List<Endpoint> accepted = new CopyOnWriteArrayList<>();
        InetSocketAddress server =
                (InetSocketAddress) network.listen(ANY_PORT, accepted::add).localAddress();
        InetAddress source = Messages.address("127.0.0.3");

        Endpoint client =
                PortPolicy.privileged()
                        .connect(network, server, source, Duration.ofSeconds(5))
                        .get(10, TimeUnit.SECONDS);

        InetSocketAddress local = (InetSocketAddress) client.localAddress();
        assertThat(local.getAddress()).isEqualTo(source);
        assertThat(local.getPort()).isBetween(512, 1023);
        await().until(() -> accepted.size() == 1);
        assertThat(accepted.get(0).peer()).contains(local);
        // The same port serves a second peer, but not the same one again.
        Endpoint second =
                PortPolicy.privileged()
                        .connect(network, server, source, Duration.ofSeconds(5))
                        .get(10, TimeUnit.SECONDS);
        assertThat(second.localAddress()).isNotEqualTo(local);
    }

    @Test
    void kernelProbesIdleConnectionsAtBothEnds() throws Exception {
        Path table = Path.of("/proc/net/tcp");
        assumeTrue(Files.isReadable(table), "only Linux lists the timers of its sockets");
        StreamListener listener = network.listen(ANY_PORT, connection -> {});
        Endpoint connection =
                network.connect(listener.localAddress(), null, Duration.ofSeconds(5))
                        .get(10, TimeUnit.SECONDS);
        String near = ":%04X".formatted(((InetSocketAddress) connection.localAddress()).getPort());
        String far = ":%04X".formatted(((InetSocketAddress) listener.localAddress()).getPort());
        // local, remote, state 01 (established), queues, and the running timer: 02 is keep-alive.
        Pattern probed =
                Pattern.compile(
                        ".* 0100007F(%s|%s) 0100007F(%s|%s) 01 \\S+ 02:.*"
                                .formatted(near, far, near, far));
        await().untilAsserted(
                        () ->
                                assertThat(Files.readAllLines(table))
                                        .filteredOn(line -> probed.matcher(line).matches())
                                        .hasSize(2));
    }

    @Test
    void connectThatNobodyAnswersEndsAtItsLimitAndLeavesNoSocket() throws Exception {
        network.listen(ANY_PORT, endpoint -> {});
        long before = HeldResources.descriptors();
        // Its backlog is full: the kernel drops further requests to connect.
        try (ServerSocketChannel full = ServerSocketChannel.open().bind(ANY_PORT, 1)) {
            List<CompletableFuture<Endpoint>> futures = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                futures.add(network.connect(full.getLocalAddress(), null, Duration.ofMillis(300)));
            }
            await().until(() -> futures.stream().allMatch(CompletableFuture::isDone));

            assertThatThrownBy(futures.get(7)::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("within 300 ms");
            futures.stream()
                    .filter(each -> !each.isCompletedExceptionally())
                    .forEach(each -> each.join().close());
        }
        await().until(() -> HeldResources.descriptors() <= before);
    }

    @Test
    void connectUnderWayFailsWhenTheNetworkIsClosed() throws Exception {
        // Its backlog is full: the kernel drops further requests to connect.
        try (ServerSocketChannel full = ServerSocketChannel.open().bind(ANY_PORT, 1)) {
            List<CompletableFuture<Endpoint>> futures = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                futures.add(network.connect(full.getLocalAddress(), null, Duration.ofHours(1)));
            }
            CompletableFuture<Endpoint> last = futures.get(7);
            await().until(futures.get(0)::isDone);
            sockets.close();

            assertThat(last)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(IOException.class)
                    .withMessageContaining(full.getLocalAddress().toString())
                    .withMessageContaining("the network is closed");
        }
    }

    @Test
    void closeFromManyThreadsLeavesNoThreadAndNoSocket() throws Exception {
        long before = HeldResources.descriptors();
        Set<Thread> threadsBefore = HeldResources.threads();
        SocketPlatform platform = SocketPlatform.open(b -> b.selectorThreads(3));
        Network busy = platform.platform().network();
        List<Endpoint> accepted = new CopyOnWriteArrayList<>();
        var listener = busy.listen(ANY_PORT, accepted::add);
        List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 50; i++) {
            endpoints.add(busy.bindDatagram(ANY_PORT));
            endpoints.add(
                    busy.connect(listener.localAddress(), null, Duration.ofSeconds(5))
                            .get(10, TimeUnit.SECONDS));
        }
        List<Thread> threads = new ArrayList<>();
        AtomicInteger closes = new AtomicInteger();
        endpoints.forEach(
                endpoint -> {
                    var unused = endpoint.closed().thenRun(closes::incrementAndGet);
                });
        for (int t = 0; t < 16; t++) {
            Thread thread =
                    new Thread(
                            () -> {
                                endpoints.forEach(Endpoint::close);
                                platform.close();
                            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(closes).hasValue(endpoints.size());
        await().until(() -> HeldResources.descriptors() <= before);
        await().untilAsserted(
                        () -> assertThat(HeldResources.threadsSince(threadsBefore)).isEmpty());
        assertThatThrownBy(() -> busy.bindDatagram(ANY_PORT)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> busy.listen(ANY_PORT, accepted::add))
                .isInstanceOf(IOException.class);
        assertThat(busy.connect(listener.localAddress(), null, Duration.ofSeconds(1)))
                .isCompletedExceptionally();
    }

    @Test
    void receiverMayCloseTheNetwork() throws Exception {
        Endpoint server = network.bindDatagram(ANY_PORT);
        Endpoint client = network.bindDatagram(ANY_PORT);
        CompletableFuture<Duration> closed = new CompletableFuture<>();
        server.receiveCalls(
                (endpoint, from, message) -> {
                    long start = System.nanoTime();
                    network.close();
                    closed.complete(Duration.ofNanos(System.nanoTime() - start));
                });

        client.send(server.localAddress(), Messages.call(1, 8));

        assertThat(closed.get(30, TimeUnit.SECONDS))
                .as("a thread that waits for itself gives up after five seconds")
                .isLessThan(Duration.ofSeconds(5));
        assertThat(client.closed().toCompletableFuture()).isDone();
    }
}
