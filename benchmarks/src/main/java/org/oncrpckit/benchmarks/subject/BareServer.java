package org.oncrpckit.benchmarks.subject;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * What the JDK's channels allow: one thread a transport that receives a message and sends a reply
 * of the right length, and looks at nothing but the xid.
 */
public final class BareServer {
    /** xid, REPLY, accepted, an empty verifier, success. */
    private static final int REPLY_BYTES = 24;

    private static final int MARK_BYTES = 4;
    private static final int LAST_FRAGMENT = 0x8000_0000;
    private static final int BUFFER_BYTES = 1 << 16;

    private BareServer() {}

    /**
     * Serves until the process is ended.
     *
     * @param arguments port of UDP and TCP on 127.0.0.1, and the path of a UNIX-domain socket
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress local =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        DatagramChannel datagrams = DatagramChannel.open().bind(local);
        ServerSocketChannel streams = ServerSocketChannel.open().bind(local);
        ServerSocketChannel unix =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(arguments[1]));
        start(() -> answerDatagrams(datagrams));
        start(() -> accept(streams));
        start(() -> accept(unix));
        System.out.println("ready");
        Thread.currentThread().join();
    }

    private interface Loop {
        void run() throws IOException;
    }

    private static void start(Loop loop) {
        Runnable body =
                () -> {
                    try {
                        loop.run();
                    } catch (IOException e) {
                        System.err.println(e);
                    }
                };
        new Thread(body).start();
    }

    private static void answerDatagrams(DatagramChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        while (true) {
            buffer.clear();
            SocketAddress peer = channel.receive(buffer);
            int xid = buffer.getInt(0);
            buffer.clear();
            putReply(buffer, xid);
            channel.send(buffer.flip(), peer);
        }
    }

    private static void accept(ServerSocketChannel listener) throws IOException {
        while (true) {
            SocketChannel connection = listener.accept();
            if (connection.getLocalAddress() instanceof InetSocketAddress) {
                connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            start(() -> answerRecords(connection));
        }
    }

    private static void answerRecords(SocketChannel connection) throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
        while (connection.read(in) >= 0) {
            in.flip();
            out.clear();
            while (hasRecord(in) && out.remaining() >= MARK_BYTES + REPLY_BYTES) {
                int length = in.getInt() & ~LAST_FRAGMENT;
                out.putInt(LAST_FRAGMENT | REPLY_BYTES);
                putReply(out, in.getInt(in.position()));
                in.position(in.position() + length);
            }
            in.compact();
            out.flip();
            while (out.hasRemaining()) {
                connection.write(out);
            }
        }
        connection.close();
    }

    private static boolean hasRecord(ByteBuffer in) {
        return in.remaining() >= MARK_BYTES
                && in.remaining() - MARK_BYTES >= (in.getInt(in.position()) & ~LAST_FRAGMENT);
    }

    private static void putReply(ByteBuffer to, int xid) {
        to.putInt(xid).putInt(1).putInt(0).putLong(0).putInt(0);
    }
}
