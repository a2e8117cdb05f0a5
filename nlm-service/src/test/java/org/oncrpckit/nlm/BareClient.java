package org.oncrpckit.nlm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrWriter;

/**
 * A client host of bare messages, made beforehand: so what happens when they are sent is the
 * server's doing, but for the network's copies. Its locks are of one byte.
 */
final class BareClient {
    private static final InetAddress ADDRESS = World.address("10.0.1.1");
    private static final NlmVersion V4 = NlmVersion.V4;
    private static final OpaqueAuth CREDENTIAL = new OpaqueAuth(1, Opaque.copyOf(new byte[20]));
    private static final Opaque NO_COOKIE = Opaque.copyOf(new byte[16]);
    private static final int LOCKD_PORT = 900;
    private static final int MESSAGE_BYTES = 200;

    /** Where a cookie begins: behind a header with a credential of 0, or of 20 bytes. */
    private static final int COOKIE_RECEIVED = 44;

    private static final int COOKIE_SENT = COOKIE_RECEIVED + 20;

    private final World world;
    private final SimulatedHost host;
    private final Endpoint socket;
    private final byte[] cookie = new byte[16];
    private int calls;

    /** Replies that say GRANTED or BLOCKED, and calls that have come back. */
    int granted;

    int blocked;
    int calledBack;

    BareClient(World world) {
        this.world = world;
        this.host = world.network.host(ADDRESS);
        this.socket = bound(LOCKD_PORT);
        socket.receiveReplies((origin, from, reply) -> replied(reply));
        socket.receiveCalls(
                (origin, from, call) -> {
                    calledBack++;
                    call.get(call.position() + COOKIE_RECEIVED, cookie);
                });
        TestRpcbind rpcbind = new TestRpcbind();
        rpcbind.set(V4.programVersion(), Transport.UDP, LOCKD_PORT);
        RpcServer.builder(world.network.platform(host))
                .program(rpcbind.program())
                .build()
                .attach(bound(LinuxClient.RPC_PORT));
    }

    private Endpoint bound(int port) {
        try {
            return host.bindDatagram(new InetSocketAddress(ADDRESS, port));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void replied(ByteBuffer reply) {
        if (reply.remaining() > 28) {
            int status = reply.getInt(reply.limit() - 4);
            granted += status == NlmStatus.GRANTED.number() ? 1 : 0;
            blocked += status == NlmStatus.BLOCKED.number() ? 1 : 0;
        }
    }

    /** A message of one length, whichever call it is: a server ignores what is behind it. */
    <A> ByteBuffer call(Procedure<A, ?> procedure, A args) {
        XdrWriter writer = new XdrWriter();
        new CallHeader(
                        ++calls,
                        procedure.programVersion(),
                        procedure.number(),
                        CREDENTIAL,
                        OpaqueAuth.NONE)
                .encode(writer);
        procedure.arguments().encode(writer, args);
        writer.writeFixedBytes(new byte[MESSAGE_BYTES - writer.position()]);
        return writer.toByteBuffer();
    }

    ByteBuffer lock(WireLock lock, boolean block) {
        return call(V4.lock().call(), new LockArgs(newCookie(), block, true, lock, false, 3));
    }

    ByteBuffer unlock(WireLock lock) {
        return call(V4.unlock().call(), new UnlockArgs(newCookie(), lock));
    }

    /** GRANTED_RES, whose cookie {@link #acknowledge} fills in. */
    ByteBuffer grantedResult() {
        return call(V4.granted().result(), new StatusReply(NO_COOKIE, NlmStatus.GRANTED));
    }

    static WireLock describe(Opaque file, int at, int svid) {
        Opaque owner = Opaque.ofUtf8(svid + "@client1");
        return new WireLock(HostName.of("client1"), file, owner, svid, at, 1);
    }

    /** Differs from call to call. */
    Opaque newCookie() {
        return Opaque.copyOf((byte) (calls >> 16), (byte) (calls >> 8), (byte) calls);
    }

    /** Sends messages, each so long after the one before. */
    void send(List<ByteBuffer> messages, Duration pause) {
        for (ByteBuffer each : messages) {
            send(each, pause);
        }
        world.sent.clear();
    }

    /** Answers the call that has come back last. */
    void acknowledge(ByteBuffer result, Duration pause) {
        result.put(result.position() + COOKIE_SENT, cookie);
        send(result, pause);
    }

    private void send(ByteBuffer message, Duration pause) {
        socket.send(new InetSocketAddress(World.SERVER, World.NLM_PORT), message);
        world.time.advance(pause);
    }
}
