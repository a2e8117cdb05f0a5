package org.oncrpckit.rpc.probe;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.VersionRange;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** A server of one program that has procedure 0 only, in the versions it was told. */
final class NullServer implements MessageReceiver {
    static final int PROGRAM = 0x2000_0011;

    private final List<Integer> versions;
    private final int dropsEvery;
    private final AtomicInteger calls = new AtomicInteger();

    /**
     * A server.
     *
     * @param dropsEvery every call of this number in the row is not answered; 0 for none
     * @param versions the versions it has, the first and the last as it names them in a refusal;
     *     none means that it takes any
     */
    NullServer(int dropsEvery, Integer... versions) {
        this.dropsEvery = dropsEvery;
        this.versions = List.of(versions);
    }

    @Override
    public void received(Endpoint endpoint, SocketAddress from, ByteBuffer message) {
        CallHeader call;
        try {
            call = CallHeader.decode(XdrReader.of(message));
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
        int version = call.programVersion().version();
        boolean known = versions.isEmpty() || versions.contains(version);
        if (known && dropsEvery > 0 && calls.incrementAndGet() % dropsEvery == 0) {
            return;
        }
        XdrWriter writer = new XdrWriter();
        reply(call, known).encode(writer);
        endpoint.send(from, writer.toByteBuffer());
    }

    private ReplyHeader reply(CallHeader call, boolean known) {
        if (call.programVersion().program() != PROGRAM) {
            return new ReplyHeader.Accepted(call.xid(), OpaqueAuth.NONE, AcceptStatus.PROG_UNAVAIL);
        }
        return known
                ? ReplyHeader.success(call.xid())
                : new ReplyHeader.ProgramMismatch(
                        call.xid(),
                        OpaqueAuth.NONE,
                        new VersionRange(versions.get(0), versions.get(versions.size() - 1)));
    }
}
