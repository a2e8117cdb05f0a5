package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.lock.Share;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.FreeAllArgs;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmOperation;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.ShareArgs;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/**
 * A client host on an address of 127.0.0.0/8, with a port mapper and a lock manager for call-backs,
 * that uses every procedure of a server's lock manager, one at a time.
 */
final class LockTraffic implements AutoCloseable {
    private static final int PORT_MAPPER = 111;
    private static final int PATIENCE_SECONDS = 30;
    private static final long LENGTH = 10;

    private static final HostName NAME = HostName.of("wire");

    /** 32 bytes, the only length that versions 1 and 3 have. */
    private static final Opaque FILE = Opaque.copyOf(new byte[Nlm.NFS2_FILE_HANDLE_BYTES]);

    private final InetAddress here;
    private final InetSocketAddress lockManager;
    private final RpcClient client;
    private final RpcServer server;

    /** What has been told by {@code _RES} and {@code GRANTED_MSG}, and not been looked at. */
    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    private int cookies;

    private LockTraffic(SocketPlatform sockets, InetAddress here, InetSocketAddress lockManager) {
        this.here = here;
        this.lockManager = lockManager;
        client = RpcClient.builder(sockets.platform()).build();
        server = RpcServer.builder(sockets.platform()).program(callBacks()).build();
    }

    /** Opens a host; where its port mapper has no place the test is skipped. */
    static LockTraffic on(SocketPlatform sockets, InetAddress here, int nlmPort)
            throws IOException {
        InetSocketAddress lockManager = new InetSocketAddress(LockingHost.address(0, 1), nlmPort);
        LockTraffic host = new LockTraffic(sockets, here, lockManager);
        int port = host.serve(sockets, 0);
        host.server.addProgram(portMapper(port));
        try {
            host.serve(sockets, PORT_MAPPER);
        } catch (IOException e) {
            host.close();
            throw Requirement.isMissing("no port mapper on " + here + ": " + e.getMessage());
        }
        return host;
    }

    private int serve(SocketPlatform sockets, int port) throws IOException {
        Endpoint udp = sockets.platform().network().bindDatagram(new InetSocketAddress(here, port));
        server.attach(udp);
        InetSocketAddress address = (InetSocketAddress) udp.localAddress();
        server.listen(address);
        return address.getPort();
    }

    private static RpcProgram portMapper(int port) {
        return RpcProgram.builder(PortmapProtocol.PROGRAM.program(), "portmapper")
                .idempotent(
                        PortmapProtocol.GETPORT,
                        (call, wanted) ->
                                wanted.programVersion().program() == Nlm.PROGRAM ? port : 0)
                .build();
    }

    private RpcProgram callBacks() {
        RpcProgram.Builder table = RpcProgram.builder(Nlm.PROGRAM, "nlockmgr");
        for (NlmVersion version : NlmVersion.all()) {
            hear(table, version.test().result());
            hear(table, version.lock().result());
            hear(table, version.cancel().result());
            hear(table, version.unlock().result());
            hear(table, version.granted().result());
            hear(table, version.granted().message());
        }
        return table.build();
    }

    private <A> void hear(RpcProgram.Builder table, Procedure<A, Nothing> procedure) {
        table.procedure(
                procedure,
                (call, arguments) -> {
                    told.add(arguments);
                    return Nothing.NOTHING;
                });
    }

    /** Uses all of a version over a transport; in the end nothing is locked. */
    void everything(NlmVersion version, Transport transport) throws Exception {
        new Round(version, new RpcTarget(transport, lockManager, here)).run();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    /** Two programs and one file: one holds, the other one asks, waits, gives up and waits. */
    private final class Round {
        private final NlmVersion version;
        private final RpcTarget target;

        Round(NlmVersion version, RpcTarget target) {
            this.version = version;
            this.target = target;
        }

        void run() throws Exception {
            call(version.ping(), Nothing.NOTHING);
            contend(this::call);
            contend(this::message);
            TestArgs unknown = new TestArgs(cookie(), true, lock(3));
            assertThat(call(version.granted(), unknown).status()).isEqualTo(NlmStatus.DENIED);
            assertThat(message(version.granted(), unknown).status()).isEqualTo(NlmStatus.DENIED);
            if (version.hasShares()) {
                shares();
            }
        }

        private void contend(Shape shape) throws Exception {
            assertThat(shape.send(version.lock(), lockArgs(1, false)).status())
                    .isEqualTo(NlmStatus.GRANTED);
            TestReply tested = shape.send(version.test(), new TestArgs(cookie(), true, lock(2)));
            assertThat(tested.outcome().status()).isEqualTo(NlmStatus.DENIED);
            assertThat(shape.send(version.lock(), lockArgs(2, true)).status())
                    .isEqualTo(NlmStatus.BLOCKED);
            CancelArgs givesUp = new CancelArgs(cookie(), true, true, lock(2));
            assertThat(shape.send(version.cancel(), givesUp).status()).isEqualTo(NlmStatus.GRANTED);
            assertThat(shape.send(version.lock(), lockArgs(2, true)).status())
                    .isEqualTo(NlmStatus.BLOCKED);
            // Called, so that its answer and the grant cannot be taken for one another.
            assertThat(call(version.unlock(), new UnlockArgs(cookie(), lock(1))).status())
                    .isEqualTo(NlmStatus.GRANTED);
            TestArgs grant = (TestArgs) heard();
            assertThat(grant.lock().svid()).isEqualTo(2);
            call(version.granted().result(), new StatusReply(grant.cookie(), NlmStatus.GRANTED));
            assertThat(shape.send(version.unlock(), new UnlockArgs(cookie(), lock(2))).status())
                    .isEqualTo(NlmStatus.GRANTED);
        }

        private void shares() throws Exception {
            ShareMode mode = new ShareMode(Share.READ_WRITE, Share.WRITE);
            ShareArgs args = new ShareArgs(cookie(), NAME, FILE, owner(1), mode, false);
            assertThat(call(version.share(), args).status()).isEqualTo(NlmStatus.GRANTED);
            assertThat(call(version.unshare(), args).status()).isEqualTo(NlmStatus.GRANTED);
            assertThat(call(version.unmonitoredLock(), lockArgs(1, false)).status())
                    .isEqualTo(NlmStatus.GRANTED);
            call(version.freeAll(), new FreeAllArgs(NAME, 0));
        }

        private <A, R> R call(NlmOperation<A, R> operation, A args) throws Exception {
            return call(operation.call(), args);
        }

        private <A, R> R call(Procedure<A, R> procedure, A args) throws Exception {
            return client.callAndWait(target, procedure, args, CallOptions.DEFAULT);
        }

        /** Sends the {@code _MSG} and waits for the {@code _RES}. */
        @SuppressWarnings("unchecked")
        private <A, R> R message(NlmOperation<A, R> operation, A args) throws Exception {
            call(operation.message(), args);
            return (R) heard();
        }

        private WireLock lock(int svid) {
            return new WireLock(NAME, FILE, owner(svid), svid, LENGTH, LENGTH);
        }

        private LockArgs lockArgs(int svid, boolean block) {
            return new LockArgs(cookie(), block, true, lock(svid), false, 0);
        }
    }

    /** How an operation travels. */
    private interface Shape {
        <A, R> R send(NlmOperation<A, R> operation, A args) throws Exception;
    }

    private Object heard() throws InterruptedException {
        Object heard = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(heard).as("result or grant").isNotNull();
        return heard;
    }

    private static Opaque owner(int svid) {
        return Opaque.ofUtf8(svid + "@" + NAME);
    }

    private Opaque cookie() {
        return Opaque.copyOf(ByteBuffer.allocate(Integer.BYTES).putInt(++cookies).array());
    }
}
