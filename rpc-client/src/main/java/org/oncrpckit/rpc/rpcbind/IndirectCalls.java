package org.oncrpckit.rpc.rpcbind;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.BroadcastReply;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Gathering;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.IndirectCall;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Calls that rpcbind passes on to a program on its host. Thread-safe. */
final class IndirectCalls {
    private final RpcClient client;
    private final int port;

    IndirectCalls(RpcClient client, int port) {
        this.client = client;
        this.port = port;
    }

    /** The results, and where on the host of the answering rpcbind they come from. */
    private record Passed<R>(int port, R results) {}

    <A, R> CompletableFuture<List<BroadcastReply<R>>> broadcast(
            InetAddress everybody,
            @Nullable InetAddress source,
            Procedure<A, R> procedure,
            A arguments,
            CallOptions options,
            Gathering<R> gathering) {
        InetSocketAddress address = new InetSocketAddress(everybody, port);
        Procedure<IndirectCall, Passed<R>> passing =
                everybody instanceof Inet4Address
                        ? passing(PortmapProtocol.CALLIT, procedure, XdrCodecs.INT, port -> port)
                        : passing(
                                RpcbindProtocol.BROADCAST,
                                procedure,
                                RpcbindProtocol.TEXT,
                                IndirectCalls::portOf);
        return client.broadcast(
                        new RpcTarget(Transport.UDP, address, source),
                        passing,
                        indirect(procedure, arguments),
                        options,
                        new Gathering<>(
                                gathering.repliesMax(),
                                reply -> gathering.enough().test(unpack(reply))))
                .thenApply(replies -> replies.stream().map(IndirectCalls::unpack).toList());
    }

    private static <R> BroadcastReply<R> unpack(BroadcastReply<Passed<R>> reply) {
        InetAddress host = reply.from().getAddress();
        return new BroadcastReply<>(
                new InetSocketAddress(host, reply.results().port()), reply.results().results());
    }

    /**
     * What rpcbind reports is the failure of the program's own answer, or GARBAGE or SYSTEM_ERR.
     */
    <A, R> CompletableFuture<R> call(
            InetAddress host, Procedure<A, R> procedure, A arguments, CallOptions options) {
        Procedure<IndirectCall, Passed<R>> passing =
                passing(
                        RpcbindProtocol.INDIRECT,
                        procedure,
                        RpcbindProtocol.TEXT,
                        IndirectCalls::portOf);
        RpcTarget target = RpcTarget.udp(new InetSocketAddress(host, port));
        // Debian's rpcbind passes answers on from the socket where they came in.
        return client.call(
                        target,
                        passing,
                        indirect(procedure, arguments),
                        options.withAnyReplyPort(true))
                .thenApply(Passed::results);
    }

    private static <A> IndirectCall indirect(Procedure<A, ?> procedure, A arguments) {
        Objects.requireNonNull(procedure, "procedure");
        XdrWriter writer = new XdrWriter();
        procedure.arguments().encode(writer, arguments);
        return new IndirectCall(
                procedure.programVersion(),
                procedure.number(),
                Opaque.copyOf(writer.toByteArray()));
    }

    private static int portOf(String universalAddress) throws XdrException {
        try {
            return UniversalAddress.parse(universalAddress).getPort();
        } catch (IllegalArgumentException e) {
            throw new XdrException("address of the program that answered", e);
        }
    }

    /** How a version of rpcbind says where the answer comes from. */
    private interface PortReader<T> {
        int portOf(T place) throws XdrException;
    }

    private static <T, R> Procedure<IndirectCall, Passed<R>> passing(
            Procedure<IndirectCall, ?> through,
            Procedure<?, R> procedure,
            XdrCodec<T> placeCodec,
            PortReader<T> ports) {
        ProgramVersion wanted = procedure.programVersion();
        return new Procedure<>(
                through.programVersion(),
                through.number(),
                through.name() + " of " + procedure.name() + " of " + wanted,
                through.arguments(),
                new PassedCodec<>(placeCodec, ports, procedure.results()));
    }

    /** A place, then the results as opaque bytes. */
    private record PassedCodec<T, R>(
            XdrCodec<T> placeCodec, PortReader<T> ports, XdrCodec<R> resultsCodec)
            implements XdrCodec<Passed<R>> {
        private static final XdrCodec<Opaque> BYTES =
                XdrCodecs.opaque(PortmapProtocol.INDIRECT_BYTES_MAX);

        @Override
        public void encode(XdrWriter writer, Passed<R> value) {
            throw new UnsupportedOperationException("results are only ever received");
        }

        @Override
        public Passed<R> decode(XdrReader reader) throws XdrException {
            int port = ports.portOf(placeCodec.decode(reader));
            if (port < 0 || port > 65_535) {
                throw new XdrException("port " + port + " (limit 65535)");
            }
            XdrReader results = XdrReader.of(BYTES.decode(reader).asByteBuffer());
            return new Passed<>(port, resultsCodec.decode(results));
        }
    }
}
