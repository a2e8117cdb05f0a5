package org.oncrpckit.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.e2e.LoopbackCapture;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.xdr.Opaque;

/**
 * Every kind of reply, over UDP and TCP, as Wireshark's dissector reads it: each is what it was
 * meant to be, and none is malformed.
 */
class DissectorTest {
    private static final int PROGRAM = EchoProtocol.VERSION.program();
    private static final int VERSION = EchoProtocol.VERSION.version();
    private static final int UNKNOWN_FLAVOR = 77;

    /** Version 2, a sender report: what RTCP begins with. */
    private static final int LIKE_RTCP = 0x85c8_2401;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REPLY_BYTES_MAX = 1_024;

    /** A call, and what the dissector calls its reply: state, accept, reject, auth. */
    private record Probe(String expected, Opaque call) {}

    private static List<Probe> probes() {
        byte[] announcesTooMuch = {0x7f, 0, 0, 0};
        byte[] fails = {0, 0, 0, 1, 'x', 0, 0, 0};
        byte[] echoes = {0, 0, 0, 0};
        return List.of(
                new Probe("0,0,,", call(2, PROGRAM, VERSION, 1, 0, echoes)),
                new Probe("0,1,,", call(2, PROGRAM + 1, VERSION, 0, 0)),
                new Probe("0,2,,", call(2, PROGRAM, VERSION + 1, 0, 0)),
                new Probe("0,3,,", call(2, PROGRAM, VERSION, 9, 0)),
                new Probe("0,4,,", call(2, PROGRAM, VERSION, 1, 0, announcesTooMuch)),
                new Probe("0,5,,", call(2, PROGRAM, VERSION, 1, 0, fails)),
                new Probe("1,,0,", call(3, PROGRAM, VERSION, 0, 0)),
                new Probe("1,,1,2", call(2, PROGRAM, VERSION, 0, UNKNOWN_FLAVOR)));
    }

    /** RFC 5531 section 9: header with a credential of no bytes and AUTH_NONE as verifier. */
    private static Opaque call(
            int rpcVersion,
            int program,
            int version,
            int procedure,
            int flavor,
            byte... arguments) {
        return Opaque.copyOf(
                ByteBuffer.allocate(40 + arguments.length)
                        .putInt(0x0d15_5ec7)
                        .putInt(0)
                        .putInt(rpcVersion)
                        .putInt(program)
                        .putInt(version)
                        .putInt(procedure)
                        .putInt(flavor)
                        .putInt(0)
                        .putLong(0)
                        .put(arguments)
                        .array());
    }

    @Test
    void everyReplyIsDecodedAsWhatItIs(@TempDir Path folder) throws Exception {
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcServer server = RpcServer.builder(sockets.platform()).program(echo()).build()) {
            InetSocketAddress address = serveUdp(sockets, server);
            server.listen(address);
            List<String> expected = probes().stream().map(Probe::expected).toList();
            try (LoopbackCapture capture =
                    LoopbackCapture.start(
                            folder.resolve("replies.pcap"),
                            "port",
                            Integer.toString(address.getPort()))) {
                for (Probe probe : probes()) {
                    overUdp(address, probe.call().toByteArray());
                }
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    overTcp(socket);
                }
                await("both transports are in the capture")
                        .atMost(PATIENCE)
                        .until(
                                () ->
                                        replies(capture, "udp").size()
                                                        + replies(capture, "tcp").size()
                                                >= 2 * expected.size());
                assertThat(replies(capture, "udp")).isEqualTo(expected);
                assertThat(replies(capture, "tcp")).isEqualTo(expected);
                assertThat(capture.malformed()).isEmpty();
            }
        }
    }

    /** Of rsync, IPP, MSDP and FTP over TLS; a kernel's calls may come from any of them. */
    @ParameterizedTest
    @ValueSource(ints = {873, 631, 639, 990})
    void callsFromAPortOfAnotherProtocolAreDecoded(int port, @TempDir Path folder)
            throws Exception {
        InetSocketAddress caller = new InetSocketAddress("127.77.0.9", port);
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcServer server = RpcServer.builder(sockets.platform()).program(echo()).build();
                LoopbackCapture capture =
                        LoopbackCapture.start(
                                folder.resolve("named.pcap"), "host", caller.getHostString());
                Socket socket = new Socket()) {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            socket.setReuseAddress(true);
            socket.bind(caller);
            socket.connect(server.listen(new InetSocketAddress(loopback, 0)).localAddress());
            overTcp(socket);
            await("all replies are decoded")
                    .atMost(PATIENCE)
                    .until(() -> replies(capture, "tcp").size() == probes().size());
        }
    }

    @Test
    void callWhoseXidLooksLikeAnotherProtocolIsDecoded(@TempDir Path folder) throws Exception {
        byte[] call = probes().get(0).call().toByteArray();
        ByteBuffer.wrap(call).putInt(LIKE_RTCP);
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcServer server = RpcServer.builder(sockets.platform()).program(echo()).build()) {
            InetSocketAddress address = serveUdp(sockets, server);
            String port = Integer.toString(address.getPort());
            try (LoopbackCapture capture =
                    LoopbackCapture.start(folder.resolve("rtcp.pcap"), "port", port)) {
                overUdp(address, call);
                await("call and reply are decoded")
                        .atMost(PATIENCE)
                        .until(
                                () ->
                                        capture.fields(
                                                "rpc.xid == 0x" + Integer.toHexString(LIKE_RTCP),
                                                "rpc.msgtyp"),
                                types -> types.equals(List.of("0", "1")));
            }
        }
    }

    private static InetSocketAddress serveUdp(SocketPlatform sockets, RpcServer server)
            throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Endpoint udp = sockets.platform().network().bindDatagram(any);
        server.attach(udp);
        return (InetSocketAddress) udp.localAddress();
    }

    private static RpcProgram echo() {
        return RpcProgram.builder(PROGRAM, "echo")
                .procedure(
                        EchoProtocol.ECHO,
                        (call, argument) -> {
                            if (argument.length() > 0) {
                                throw new IllegalStateException("meant to fail");
                            }
                            return argument;
                        })
                .build();
    }

    private static void overUdp(InetSocketAddress server, byte[] call) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.send(new DatagramPacket(call, call.length, server));
            socket.receive(new DatagramPacket(new byte[REPLY_BYTES_MAX], REPLY_BYTES_MAX));
        }
    }

    /** One call after the other. */
    private static void overTcp(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        DataInputStream input = new DataInputStream(socket.getInputStream());
        for (Probe probe : probes()) {
            byte[] call = probe.call().toByteArray();
            ByteBuffer record = ByteBuffer.allocate(4 + call.length);
            record.putInt(0x8000_0000 | call.length).put(call);
            socket.getOutputStream().write(record.array());
            input.readFully(new byte[input.readInt() & 0x7fff_ffff]);
        }
    }

    /** State, accept, reject and auth status of each reply, in order. */
    private static List<String> replies(LoopbackCapture capture, String transport)
            throws IOException {
        return capture
                .fields(
                        transport + " && rpc.msgtyp == 1",
                        "rpc.replystat",
                        "rpc.state_accept",
                        "rpc.state_reject",
                        "rpc.state_auth")
                .stream()
                .map(line -> line.replace('\t', ','))
                .toList();
    }
}
