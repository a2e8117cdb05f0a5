package org.oncrpckit.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A network between one client and one server that delivers old datagrams once more, long after
 * newer ones: before and behind each call that passes it may send copies of any earlier ones.
 * Replies come back as they are.
 */
final class ReorderingProxy implements AutoCloseable {
    private static final int DATAGRAM_MAX = 2_048;
    private static final int COPIES_EACH_MAX = 3;

    private final InetSocketAddress server;
    private final Random random;
    private final DatagramSocket clientSide = new DatagramSocket(0, loopback());
    private final DatagramSocket serverSide = new DatagramSocket(0, loopback());
    private final List<byte[]> passed = new ArrayList<>();
    private volatile @Nullable InetSocketAddress client;
    private final AtomicInteger copies = new AtomicInteger();

    ReorderingProxy(InetSocketAddress server, Random random) throws SocketException {
        this.server = server;
        this.random = random;
        new Thread(this::passCalls, "proxy-calls").start();
        new Thread(this::passReplies, "proxy-replies").start();
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) clientSide.getLocalSocketAddress();
    }

    /** Old calls that were delivered once more. */
    int copies() {
        return copies.get();
    }

    private void passCalls() {
        try {
            while (true) {
                DatagramPacket packet = receive(clientSide);
                client = (InetSocketAddress) packet.getSocketAddress();
                byte[] call = Arrays.copyOf(packet.getData(), packet.getLength());
                sendOldOnes();
                send(serverSide, call, server);
                passed.add(call);
                sendOldOnes();
            }
        } catch (IOException e) {
            // Closed: nothing is left to pass.
        }
    }

    private void sendOldOnes() throws IOException {
        for (int i = random.nextInt(COPIES_EACH_MAX + 1); i > 0 && !passed.isEmpty(); i--) {
            send(serverSide, passed.get(random.nextInt(passed.size())), server);
            copies.incrementAndGet();
        }
    }

    private void passReplies() {
        try {
            while (true) {
                DatagramPacket packet = receive(serverSide);
                InetSocketAddress to = client;
                if (to != null) {
                    send(clientSide, Arrays.copyOf(packet.getData(), packet.getLength()), to);
                }
            }
        } catch (IOException e) {
            // Closed: nothing is left to pass.
        }
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_MAX], DATAGRAM_MAX);
        socket.receive(packet);
        return packet;
    }

    private static void send(DatagramSocket from, byte[] bytes, InetSocketAddress to)
            throws IOException {
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Override
    public void close() {
        clientSide.close();
        serverSide.close();
    }
}
