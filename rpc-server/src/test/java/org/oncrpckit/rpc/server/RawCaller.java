package org.oncrpckit.rpc.server;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HexFormat;
import org.oncrpckit.xdr.Nothing;

/**
 * A client that is not ours: plain sockets of the JDK, bytes in, bytes out. Whether a message gets
 * an answer is found out without waiting: a NULL call is sent behind it, and what comes before its
 * reply is the answer.
 */
abstract class RawCaller implements Closeable {
    private static final int PROBE_XID = 0x70726f62;
    private static final byte[] PROBE = SimulatedServer.call(PROBE_XID, Echo.NULL, Nothing.NOTHING);
    private static final String PROBE_REPLY =
            "70726f62" + "00000001" + "00000000" + "0000000000000000" + "00000000";

    /** How long to wait for a reply that must come. */
    static final int TIMEOUT_MILLIS = 30_000;

    /** Sends one message. */
    abstract void send(byte[] message) throws IOException;

    /** The next message. */
    abstract byte[] receive() throws IOException;

    /** The answers to a message in hexadecimal, "" for none. */
    String answer(byte[] message) throws IOException {
        send(message);
        send(PROBE);
        StringBuilder answers = new StringBuilder();
        while (true) {
            String next = HexFormat.of().formatHex(receive());
            if (next.equals(PROBE_REPLY)) {
                return answers.toString();
            }
            answers.append(next);
        }
    }

    /** Fails unless the server answers. */
    void probe() throws IOException {
        answer(PROBE);
    }

    static RawCaller udp(SocketAddress server) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(server);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new RawCaller() {
            @Override
            void send(byte[] message) throws IOException {
                socket.send(new DatagramPacket(message, message.length));
            }

            @Override
            byte[] receive() throws IOException {
                DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
                socket.receive(packet);
                return Arrays.copyOf(packet.getData(), packet.getLength());
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    static Stream tcp(SocketAddress server) throws IOException {
        Socket socket = new Socket();
        socket.connect(server, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return new Stream(
                socket,
                bytes -> socket.getOutputStream().write(bytes),
                socket.getInputStream(),
                socket::shutdownOutput);
    }

    static Stream unix(SocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(server);
        return new Stream(
                channel,
                bytes -> {
                    for (ByteBuffer b = ByteBuffer.wrap(bytes); b.hasRemaining(); ) {
                        channel.write(b);
                    }
                },
                Channels.newInputStream(channel),
                channel::shutdownOutput);
    }

    /** Messages in records of one fragment. */
    static final class Stream extends RawCaller {
        /** Writes bytes to a socket. */
        interface Output {
            void write(byte[] bytes) throws IOException;
        }

        private final Closeable socket;
        private final Output out;
        private final InputStream in;
        private final Closeable outputEnd;

        Stream(Closeable socket, Output out, InputStream in, Closeable outputEnd) {
            this.socket = socket;
            this.out = out;
            this.in = in;
            this.outputEnd = outputEnd;
        }

        /** Sends nothing more, and goes on to receive. */
        void endOutput() throws IOException {
            outputEnd.close();
        }

        @Override
        void send(byte[] message) throws IOException {
            write(
                    ByteBuffer.allocate(4 + message.length)
                            .putInt(message.length | 1 << 31)
                            .put(message)
                            .array());
        }

        /** Bytes as they are. */
        void write(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        @Override
        byte[] receive() throws IOException {
            int mark = ByteBuffer.wrap(exactly(4)).getInt();
            if (mark >= 0) {
                throw new IOException("reply in several fragments: " + mark);
            }
            return exactly(mark & Integer.MAX_VALUE);
        }

        private byte[] exactly(int length) throws IOException {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("closed by the server");
            }
            return bytes;
        }

        /** Whether the server has closed, once it has read what was sent. */
        boolean isClosedByServer() throws IOException {
            try {
                return in.read() < 0;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true; // reset
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(SimulatedServer.address("127.0.0.1"), port);
    }
}
