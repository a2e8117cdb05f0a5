package org.oncrpckit.rpc.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrWriter;

/** A server on one simulated host, and callers on others that see the bytes of the replies. */
final class SimulatedServer {
    static final long SEED = Long.getLong("seed", 20081122L);
    static final Duration SOON = Duration.ofMillis(10);

    final VirtualTime time = new VirtualTime();
    final SimulatedNetwork network = new SimulatedNetwork(time, SEED);
    final SimulatedHost host = network.host(address("10.0.0.1"));
    final InetSocketAddress address = new InetSocketAddress(address("10.0.0.1"), 2049);
    final RpcServer server;
    final Endpoint udp;

    SimulatedServer(RpcProgram program) {
        this(builder -> builder.program(program));
    }

    SimulatedServer(Function<RpcServer.Builder, RpcServer.Builder> settings) {
        server = settings.apply(RpcServer.builder(network.platform(host))).build();
        try {
            udp = host.bindDatagram(address);
            server.attach(udp);
            server.listen(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A caller on a host of its own. */
    Caller caller(Transport transport, String from) {
        return new Caller(network.host(address(from)), transport, address(from), 0);
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static <A> byte[] call(int xid, Procedure<A, ?> procedure, A arguments) {
        return call(xid, procedure, arguments, OpaqueAuth.NONE);
    }

    static <A> byte[] call(int xid, Procedure<A, ?> procedure, A arguments, OpaqueAuth credential) {
        XdrWriter writer = new XdrWriter();
        new CallHeader(
                        xid,
                        procedure.programVersion(),
                        procedure.number(),
                        credential,
                        OpaqueAuth.NONE)
                .encode(writer);
        procedure.arguments().encode(writer, arguments);
        return writer.toByteArray();
    }

    /** Sends bytes and keeps what comes back. */
    final class Caller {
        final SimulatedHost host;
        final Endpoint endpoint;
        final List<String> replies = new ArrayList<>();

        Caller(SimulatedHost host, Transport transport, InetAddress from, int port) {
            this.host = host;
            InetSocketAddress local = new InetSocketAddress(from, port);
            try {
                if (transport == Transport.UDP) {
                    endpoint = host.bindDatagram(local);
                } else {
                    CompletableFuture<Endpoint> connecting =
                            host.connect(address, local, Duration.ofSeconds(5));
                    time.runUntil(connecting::isDone, Duration.ofSeconds(6));
                    endpoint = connecting.join();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            endpoint.receiveReplies((where, sender, reply) -> replies.add(hex(reply)));
        }

        /** Sends a message and lets it arrive. */
        void send(byte[] message) {
            endpoint.send(address, ByteBuffer.wrap(message));
            time.advance(SOON);
        }

        <A> void call(int xid, Procedure<A, ?> procedure, A arguments) {
            send(SimulatedServer.call(xid, procedure, arguments));
        }

        /** The only reply since the last time, in hexadecimal. */
        String reply() {
            if (replies.size() != 1) {
                throw new AssertionError(replies.size() + " replies: " + replies);
            }
            return replies.remove(0);
        }

        SocketAddress local() {
            return endpoint.localAddress();
        }

        private String hex(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return HexFormat.of().formatHex(copy);
        }
    }
}
