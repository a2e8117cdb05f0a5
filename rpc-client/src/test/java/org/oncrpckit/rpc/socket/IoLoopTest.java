package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a loop says of channels that come too late. */
class IoLoopTest {
    @Test
    void tcpChannelThatComesAfterTheEndFails() throws Exception {
        IoLoop loop = new GrizzlyLoop(1);
        loop.close();
        try (ServerSocketChannel server =
                        ServerSocketChannel.open()
                                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel late = SocketChannel.open(server.getLocalAddress())) {
            assertFails(loop, late);
        }
    }

    @Test
    void unixChannelThatComesAfterTheEndFails() throws Exception {
        IoLoop loop = new NioLoop("test");
        loop.close();
        try (SocketChannel late = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertFails(loop, late);
        }
    }

    private static void assertFails(IoLoop loop, SocketChannel late) throws Exception {
        late.configureBlocking(false);
        CompletableFuture<IOException> told = new CompletableFuture<>();
        loop.watch(late, new Told(told));
        assertThat(told.get(10, TimeUnit.SECONDS)).hasMessage("the network is closed");
        assertThat(late.isOpen()).isFalse();
    }

    private record Told(CompletableFuture<IOException> failure) implements IoLoop.Watched {
        @Override
        public void watched(IoLoop.Watch watch) {
            throw new AssertionError("watched by nobody");
        }

        @Override
        public int interest() {
            return 0;
        }

        @Override
        public void ready(int operations) {
            throw new AssertionError("ready by nobody");
        }

        @Override
        public void failed(IOException why) {
            failure.complete(why);
        }
    }
}
