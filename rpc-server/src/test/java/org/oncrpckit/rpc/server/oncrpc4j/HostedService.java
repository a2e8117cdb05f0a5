package org.oncrpckit.rpc.server.oncrpc4j;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.xdr.XdrWriter;

/** A hosted service on loopback, UDP and TCP on ports of their own, and a socket to call it by. */
final class HostedService implements Closeable {
    private static final int TIMEOUT_MILLIS = 30_000;

    final SocketPlatform sockets = SocketPlatform.open();
    final RpcServer server;
    final InetSocketAddress udp;
    final InetSocketAddress tcp;
    final DatagramSocket caller = new DatagramSocket();

    HostedService(Oncrpc4jProgram program) throws IOException {
        server = RpcServer.builder(sockets.platform()).program(program.build()).build();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Endpoint datagrams = sockets.platform().network().bindDatagram(any);
        server.attach(datagrams);
        udp = (InetSocketAddress) datagrams.localAddress();
        tcp = (InetSocketAddress) server.listen(any).localAddress();
        caller.connect(udp);
        caller.setSoTimeout(TIMEOUT_MILLIS);
    }

    static Oncrpc4jProgram calculator(Calculator service) {
        return Oncrpc4jProgram.of(service)
                .named(Calculator.PROGRAM, "calculator")
                .version(Calculator.VERSION);
    }

    /** A call with arguments in integers. */
    static byte[] message(int xid, int procedure, int... arguments) {
        XdrWriter writer = new XdrWriter();
        new CallHeader(xid, new ProgramVersion(Calculator.PROGRAM, Calculator.VERSION), procedure)
                .encode(writer);
        for (int argument : arguments) {
            writer.writeInt(argument);
        }
        return writer.toByteArray();
    }

    void send(byte[] message) throws IOException {
        caller.send(new DatagramPacket(message, message.length));
    }

    /** The next reply in hexadecimal. */
    String receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        caller.receive(packet);
        return HexFormat.of().formatHex(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    @Override
    public void close() {
        caller.close();
        server.close();
        sockets.close();
    }
}
