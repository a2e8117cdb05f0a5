package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.RpcHandler;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.TraceEvent;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/**
 * A host whose every step the test decides: speaks one version over one transport, in either shape,
 * and writes down what comes. Emulated systems are scripts on top of it.
 */
class ScriptedPeer {
    static final int LOCKD_PORT = 1018;
    static final int CALLS_PORT = 1017;
    static final CallOptions OPTIONS = CallOptions.DEFAULT;

    /**
     * A call that came.
     *
     * @param procedure its name
     * @param content its arguments
     * @param from the other end
     */
    record Received(String procedure, Object content, InetSocketAddress from) {}

    final World world;
    final InetAddress address;
    final NlmVersion version;
    final SimulatedHost host;
    final RpcClient client;
    final RpcServer server;

    /** What its calls over UDP leave from. */
    final Endpoint socket;

    final TestRpcbind rpcbind = new TestRpcbind();
    final List<Received> received = new ArrayList<>();

    HostName name;
    Transport transport = Transport.UDP;
    InetAddress serverAddress = World.SERVER;
    int state = 7;
    int cookieBytes = 4;

    /** What a grant is answered with. */
    Function<TestArgs, NlmStatus> verdict = grant -> NlmStatus.GRANTED;

    /** Whether GRANTED_MSG is answered at all. */
    boolean answersGrants = true;

    private int cookies = 0x1234;

    ScriptedPeer(World world, int number, NlmVersion version) {
        this.world = world;
        this.address = World.address("10.0.2." + number);
        this.version = version;
        this.name = HostName.of("peer" + number);
        this.host = world.network.host(address);
        client = RpcClient.builder(world.network.platform(host)).build();
        server =
                RpcServer.builder(world.network.platform(host))
                        .program(rpcbind.program())
                        .program(lockd())
                        .build();
        try {
            socket = host.bindDatagram(new InetSocketAddress(address, CALLS_PORT));
            client.attach(socket);
            for (int port : new int[] {111, LOCKD_PORT}) {
                server.attach(host.bindDatagram(new InetSocketAddress(address, port)));
                server.listen(new InetSocketAddress(address, port));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        register();
    }

    void register() {
        for (Transport each : List.of(Transport.UDP, Transport.TCP)) {
            rpcbind.set(version.programVersion(), each, LOCKD_PORT);
        }
    }

    private RpcProgram lockd() {
        return RpcProgram.builder(Nlm.PROGRAM, "lockd")
                .procedure(version.granted().call(), (call, grant) -> granted(call.peer(), grant))
                .procedure(
                        version.granted().message(),
                        (call, grant) -> {
                            record("GRANTED_MSG", grant, call.peer());
                            if (answersGrants) {
                                answer(grant.cookie(), verdict.apply(grant));
                            }
                            return Nothing.NOTHING;
                        })
                .procedure(version.granted().result(), recorder("GRANTED_RES"))
                .procedure(version.test().result(), recorder("TEST_RES"))
                .procedure(version.lock().result(), recorder("LOCK_RES"))
                .procedure(version.cancel().result(), recorder("CANCEL_RES"))
                .procedure(version.unlock().result(), recorder("UNLOCK_RES"))
                .build();
    }

    private StatusReply granted(SocketAddress from, TestArgs grant) {
        record("GRANTED", grant, from);
        return new StatusReply(grant.cookie(), verdict.apply(grant));
    }

    private <R> RpcHandler<R, Nothing> recorder(String procedure) {
        return (call, result) -> {
            record(procedure, result, call.peer());
            return Nothing.NOTHING;
        };
    }

    private void record(String procedure, Object content, SocketAddress from) {
        received.add(new Received(procedure, content, (InetSocketAddress) from));
    }

    /** Sends GRANTED_RES. */
    void answer(Opaque cookie, NlmStatus status) {
        var unused =
                client.send(
                        target(),
                        version.granted().result(),
                        new StatusReply(cookie, status),
                        OPTIONS);
    }

    List<Received> received(String procedure) {
        return received.stream().filter(each -> each.procedure().equals(procedure)).toList();
    }

    /** The grants that came, in either shape. */
    List<TestArgs> grants() {
        return received.stream()
                .filter(each -> each.procedure().startsWith("GRANTED"))
                .map(each -> (TestArgs) each.content())
                .toList();
    }

    RpcTarget target() {
        return new RpcTarget(
                transport, new InetSocketAddress(serverAddress, World.NLM_PORT), address);
    }

    Opaque cookie() {
        ByteBuffer bytes = ByteBuffer.allocate(cookieBytes);
        bytes.putInt(cookieBytes - Integer.BYTES, cookies++);
        return Opaque.copyOf(bytes.array());
    }

    /** What an owner locks. */
    WireLock describe(int svid, String ownerHandle, Opaque file, long offset, long length) {
        return new WireLock(name, file, Opaque.ofUtf8(ownerHandle), svid, offset, length);
    }

    WireLock describe(int svid, long offset, long length) {
        return describe(svid, svid + "@" + name, World.FILE, offset, length);
    }

    // The synchronous shape.

    <A, R> R call(Procedure<A, R> procedure, A args) {
        return world.await(client.call(target(), procedure, args, OPTIONS));
    }

    NlmStatus lock(WireLock lock, boolean exclusive, boolean block) {
        return call(version.lock().call(), lockArgs(lock, exclusive, block)).status();
    }

    NlmStatus unlock(WireLock lock) {
        return call(version.unlock().call(), new UnlockArgs(cookie(), lock)).status();
    }

    ShareArgs shareArgs(String ownerHandle, Share access, Share deny, boolean reclaim) {
        return new ShareArgs(
                cookie(),
                name,
                World.FILE,
                Opaque.ofUtf8(ownerHandle),
                new ShareMode(access, deny),
                reclaim);
    }

    NlmStatus share(String ownerHandle, Share access, Share deny) {
        return call(version.share(), shareArgs(ownerHandle, access, deny, false)).status();
    }

    NlmStatus unshare(String ownerHandle, Share access, Share deny) {
        return call(version.unshare(), shareArgs(ownerHandle, access, deny, false)).status();
    }

    void freeAll() {
        call(version.freeAll(), new FreeAllArgs(name, state));
    }

    NlmStatus cancel(WireLock lock, boolean exclusive) {
        return call(version.cancel().call(), cancelArgs(lock, exclusive)).status();
    }

    TestOutcome test(WireLock lock, boolean exclusive) {
        return call(version.test().call(), new TestArgs(cookie(), exclusive, lock)).outcome();
    }

    // The one-way shape.

    /** Sends a message once, and waits for the result with its cookie. */
    <A, R> R message(NlmOperation<A, R> operation, A args, Opaque cookie) {
        send(operation, args);
        CompletableFuture<R> result = new CompletableFuture<>();
        boolean came =
                world.within(
                        World.MINUTE,
                        () -> {
                            received(operation.result().name()).stream()
                                    .filter(each -> cookieOf(each.content()).equals(cookie))
                                    .findFirst()
                                    .ifPresent(each -> complete(result, each.content()));
                            return result.isDone();
                        });
        assertThat(came).as(operation.result().name() + " came in a minute").isTrue();
        return result.join();
    }

    /** Sends a message once. */
    <A> void send(NlmOperation<A, ?> operation, A args) {
        var unused = client.send(target(), operation.message(), args, OPTIONS);
    }

    /** Sends its latest datagram of this procedure once more, with the same xid. */
    void sendAgain(Procedure<?, ?> procedure) {
        List<TraceEvent> own =
                world.calls(procedure.programVersion().program(), procedure.number()).stream()
                        .filter(each -> each.from().equals(socket.localAddress()))
                        .toList();
        TraceEvent latest = own.get(own.size() - 1);
        assertThat(socket.send(latest.to(), latest.message())).isEqualTo(Endpoint.SendOutcome.SENT);
    }

    NlmStatus lockMessage(WireLock lock, boolean exclusive, boolean block) {
        LockArgs args = lockArgs(lock, exclusive, block);
        return message(version.lock(), args, args.cookie()).status();
    }

    NlmStatus unlockMessage(WireLock lock) {
        UnlockArgs args = new UnlockArgs(cookie(), lock);
        return message(version.unlock(), args, args.cookie()).status();
    }

    NlmStatus cancelMessage(WireLock lock, boolean exclusive) {
        CancelArgs args = cancelArgs(lock, exclusive);
        return message(version.cancel(), args, args.cookie()).status();
    }

    TestOutcome testMessage(WireLock lock, boolean exclusive) {
        TestArgs args = new TestArgs(cookie(), exclusive, lock);
        return message(version.test(), args, args.cookie()).outcome();
    }

    LockArgs lockArgs(WireLock lock, boolean exclusive, boolean block) {
        return new LockArgs(cookie(), block, exclusive, lock, false, state);
    }

    CancelArgs cancelArgs(WireLock lock, boolean exclusive) {
        return new CancelArgs(cookie(), true, exclusive, lock);
    }

    private static Opaque cookieOf(Object result) {
        return result instanceof TestReply reply ? reply.cookie() : ((StatusReply) result).cookie();
    }

    @SuppressWarnings("unchecked")
    private static <R> void complete(CompletableFuture<R> future, Object result) {
        future.complete((R) result);
    }
}
