package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.testing.HeldResources;
import org.oncrpckit.rpc.testing.TestSeed;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.StreamListener;

/** Peers that keep to no rule: they lose their connection, and nobody else notices. */
class HostilePeerTest {
    private static final int MIB = 1 << 20;

    /** The record mark of a whole record of that many bytes. */
    private static int mark(int bytes) {
        return bytes | 1 << 31;
    }

    @Nested
    class OverTcp extends Cases {
        @Override
        SocketAddress address() {
            return new InetSocketAddress(Messages.address("127.0.0.1"), 0);
        }

        @Override
        SocketChannel channel() throws IOException {
            return SocketChannel.open();
        }

        @Test
        void resetInTheMiddleOfARecordClosesTheConnection() throws IOException {
            try (SocketChannel raw = connect()) {
                raw.setOption(StandardSocketOptions.SO_LINGER, 0);
                raw.write(ByteBuffer.allocate(8).putInt(mark(100)).flip());
                await().until(() -> accepted.size() == 1);
            }
            assertClosed(accepted.get(0), CloseReason.PEER);
        }
    }

    @Nested
    class OverUnix extends Cases {
        @TempDir Path folder;

        @Override
        SocketAddress address() {
            return UnixDomainSocketAddress.of(folder.resolve("s"));
        }

        @Override
        SocketChannel channel() throws IOException {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        }
    }

    /** The same for both kinds of connection. */
    abstract static class Cases {
        private final WheelTimers timers = new WheelTimers();
        private final SocketNetwork network = SocketNetwork.builder(timers).build();
        final List<Endpoint> accepted = new CopyOnWriteArrayList<>();
        private StreamListener listener;

        /** What a call is answered with. */
        private volatile ByteBuffer answer = Messages.reply(0, 8);

        abstract SocketAddress address();

        abstract SocketChannel channel() throws IOException;

        @BeforeEach
        void listen() throws IOException {
            listener =
                    network.listen(
                            address(),
                            endpoint -> {
                                endpoint.receiveCalls((on, from, call) -> on.send(from, answer));
                                accepted.add(endpoint);
                            });
        }

        @AfterEach
        void close() {
            network.close();
            timers.close();
        }

        SocketChannel connect() throws IOException {
            SocketChannel raw = channel();
            raw.connect(listener.localAddress());
            return raw;
        }

        static void assertClosed(Endpoint endpoint, CloseReason reason) {
            CompletableFuture<CloseReason> closed = endpoint.closed().toCompletableFuture();
            await().until(closed::isDone);
            assertThat(closed).isCompletedWithValue(reason);
        }

        /** A well-behaved client still gets its answer. */
        private void assertServes() throws IOException {
            try (SocketChannel raw = connect()) {
                raw.write(
                        new ByteBuffer[] {
                            ByteBuffer.allocate(4).putInt(0, mark(8)), Messages.call(5, 8)
                        });
                ByteBuffer reply = ByteBuffer.allocate(4);
                while (reply.hasRemaining()) {
                    assertThat(raw.read(reply)).isPositive();
                }
            }
        }

        @Test
        void recordOfTwoGibibytesIsRefusedWhenItIsAnnounced() throws IOException {
            try (SocketChannel raw = connect()) {
                raw.write(ByteBuffer.allocate(4).putInt(0, -1));

                assertThat(raw.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            assertClosed(accepted.get(0), CloseReason.PROTOCOL);
            assertServes();
        }

        @Test
        void endlessFragmentsAreRefused() throws IOException {
            try (SocketChannel raw = connect()) {
                raw.write(ByteBuffer.allocate(4 * 1024));

                assertClosed(first(), CloseReason.PROTOCOL);
            }
            assertServes();
        }

        @Test
        void randomBytesEndOnlyTheirOwnConnection() throws IOException {
            SplittableRandom random = new SplittableRandom(TestSeed.of(HostilePeerTest.class));
            for (int i = 0; i < 100; i++) {
                byte[] junk = new byte[random.nextInt(1, 5000)];
                random.nextBytes(junk);
                try (SocketChannel raw = connect()) {
                    raw.write(ByteBuffer.wrap(junk));
                } catch (IOException e) {
                    assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
                }
            }
            assertServes();
            await().until(() -> accepted.stream().allMatch(each -> isClosed(each)));
        }

        private static boolean isClosed(Endpoint endpoint) {
            return endpoint.closed().toCompletableFuture().isDone();
        }

        @Test
        void announcedBytesCostNothingBeforeTheyArrive() throws IOException {
            List<SocketChannel> raws = new ArrayList<>();
            connect().close();
            long before = HeldResources.heapBytes();
            for (int i = 0; i < 300; i++) {
                SocketChannel raw = connect();
                raw.write(ByteBuffer.allocate(14).putInt(0, mark(MIB)));
                raws.add(raw);
            }
            await().until(() -> accepted.size() == 301);

            assertThat((HeldResources.heapBytes() - before) / raws.size())
                    .as("bytes for a connection")
                    .isLessThan(20_000);
            for (SocketChannel raw : raws) {
                raw.close();
            }
        }

        @Test
        void thousandIdleConnectionsCostLittleAndNoThread() throws IOException {
            connect().close();
            Set<Thread> threads = HeldResources.threads();
            long before = HeldResources.heapBytes();
            List<SocketChannel> raws = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                raws.add(connect());
            }
            await().until(() -> accepted.size() == 1001);

            assertThat((HeldResources.heapBytes() - before) / raws.size())
                    .as("bytes for a connection")
                    .isLessThan(20_000);
            assertThat(HeldResources.threadsSince(threads)).isEmpty();
            assertServes();
            for (SocketChannel raw : raws) {
                raw.close();
            }
        }

        @Test
        void peerThatNeverReadsItsRepliesCostsTheQueueAndNoMore() throws IOException {
            answer = Messages.reply(0, 500_000);
            long before = HeldResources.heapBytes();
            try (SocketChannel raw = connect()) {
                Endpoint server = first();
                ByteBuffer call = ByteBuffer.allocate(12).putInt(0, mark(8));
                for (int i = 0; i < 1000; i++) {
                    raw.write(call.rewind());
                }
                await().until(() -> server.statistics().callsReceived() == 1000);

                assertThat(server.statistics().notSent()).isGreaterThan(900);
                assertThat(server.statistics().sent() + server.statistics().notSent())
                        .isEqualTo(1000);
                assertThat(HeldResources.heapBytes() - before).isLessThan(8L * MIB);
                answer = Messages.reply(0, 8);
                assertServes();
            }
        }

        @Test
        void peerThatEndsItsSideGetsItsReply() throws IOException {
            answer = Messages.reply(0, 300_000);
            try (SocketChannel raw = connect()) {
                raw.write(ByteBuffer.allocate(12).putInt(0, mark(8)));
                raw.shutdownOutput();
                ByteBuffer all = ByteBuffer.allocate(400_000);
                while (raw.read(all) >= 0) {}

                assertThat(all.position()).isEqualTo(300_004);
            }
            assertClosed(accepted.get(0), CloseReason.PEER);
        }

        private Endpoint first() {
            await().until(() -> !accepted.isEmpty());
            return accepted.get(0);
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndRoomIsGivenBack() throws IOException {
        try (SocketPlatform sockets =
                SocketPlatform.open(b -> b.limits(SocketLimits.DEFAULT.withConnectionsMax(2)))) {
            List<Endpoint> accepted = new CopyOnWriteArrayList<>();
            StreamListener listener =
                    sockets.platform()
                            .network()
                            .listen(
                                    new InetSocketAddress(Messages.address("127.0.0.1"), 0),
                                    accepted::add);
            try (SocketChannel first = SocketChannel.open(listener.localAddress());
                    SocketChannel second = SocketChannel.open(listener.localAddress());
                    SocketChannel third = SocketChannel.open(listener.localAddress())) {
                assertThat(third.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                await().until(() -> accepted.size() == 2);
                assertThat(accepted).noneMatch(Cases::isClosed);
                assertThat(accepted)
                        .extracting(each -> each.peer().orElseThrow())
                        .containsExactlyInAnyOrder(
                                first.getLocalAddress(), second.getLocalAddress());
            }
            await().until(() -> accepted.stream().allMatch(Cases::isClosed));
            try (SocketChannel fourth = SocketChannel.open(listener.localAddress())) {
                await().until(() -> accepted.size() == 3);
                assertThat(accepted.get(2).peer()).contains(fourth.getLocalAddress());
            }
        }
    }

    @Test
    void idleConnectionIsClosed() throws IOException {
        Duration idle = Duration.ofMillis(100);
        try (SocketPlatform sockets =
                SocketPlatform.open(b -> b.limits(SocketLimits.DEFAULT.withIdle(idle)))) {
            List<Endpoint> accepted = new CopyOnWriteArrayList<>();
            StreamListener listener =
                    sockets.platform()
                            .network()
                            .listen(
                                    new InetSocketAddress(Messages.address("127.0.0.1"), 0),
                                    accepted::add);
            try (SocketChannel raw = SocketChannel.open(listener.localAddress())) {
                assertThat(raw.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            Cases.assertClosed(accepted.get(0), CloseReason.IDLE);
        }
    }
}
