package org.oncrpckit.rpc.rpcbind;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.VersionRange;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** An rpcbind that answers the procedures it was told to, and remembers what it was asked. */
public final class ScriptedRpcbind implements MessageReceiver {
    private final Map<Integer, Map<Integer, MessageReceiver>> versions = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** Answers a procedure from now on. */
    public <A, R> ScriptedRpcbind answer(Procedure<A, R> procedure, Function<A, R> answer) {
        versions.computeIfAbsent(procedure.programVersion().version(), v -> new HashMap<>())
                .put(
                        procedure.number(),
                        (endpoint, from, message) -> {
                            XdrReader reader = XdrReader.of(message);
                            A arguments;
                            int xid;
                            try {
                                xid = CallHeader.decode(reader).xid();
                                arguments = procedure.arguments().decode(reader);
                            } catch (XdrException e) {
                                throw new AssertionError(e);
                            }
                            asked.add(describe(procedure, endpoint, from));
                            XdrWriter writer = new XdrWriter();
                            ReplyHeader.success(xid).encode(writer);
                            procedure.results().encode(writer, answer.apply(arguments));
                            endpoint.send(from, writer.toByteBuffer());
                        });
        return this;
    }

    private static String describe(Procedure<?, ?> procedure, Endpoint endpoint, Object from) {
        boolean low = from instanceof InetSocketAddress inet && inet.getPort() < 1024;
        return "%s v%d %s%s"
                .formatted(
                        procedure.name().replaceFirst(".*_", ""),
                        procedure.programVersion().version(),
                        endpoint.transport(),
                        low ? " privileged" : "");
    }

    /** What was answered, in order: procedure, version, transport, kind of port. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public void received(Endpoint endpoint, SocketAddress from, ByteBuffer message) {
        CallHeader header;
        try {
            header = CallHeader.decode(XdrReader.of(message));
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
        Map<Integer, MessageReceiver> version = versions.get(header.programVersion().version());
        MessageReceiver procedure = version == null ? null : version.get(header.procedure());
        if (procedure != null) {
            procedure.received(endpoint, from, message);
            return;
        }
        TreeSet<Integer> known = new TreeSet<>(versions.keySet());
        ReplyHeader refusal =
                version == null
                        ? new ReplyHeader.ProgramMismatch(
                                header.xid(),
                                OpaqueAuth.NONE,
                                new VersionRange(known.first(), known.last()))
                        : new ReplyHeader.Accepted(
                                header.xid(), OpaqueAuth.NONE, AcceptStatus.PROC_UNAVAIL);
        XdrWriter writer = new XdrWriter();
        refusal.encode(writer);
        endpoint.send(from, writer.toByteBuffer());
    }
}
