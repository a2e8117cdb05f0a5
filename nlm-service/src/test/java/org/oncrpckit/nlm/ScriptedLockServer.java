package org.oncrpckit.nlm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmOwner;
import org.oncrpckit.nlm.client.NlmServer;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** A lock manager that answers what a test tells it to. */
final class ScriptedLockServer {
    static final InetAddress ADDRESS = World.address("10.0.3.1");
    static final int PORT = 3000;

    final World world;
    final InetAddress address;
    final SimulatedHost host;
    final TestRpcbind rpcbind = new TestRpcbind();
    final List<LockArgs> locks = new ArrayList<>();
    final List<CancelArgs> cancels = new ArrayList<>();
    final List<UnlockArgs> unlocks = new ArrayList<>();

    Function<LockArgs, CompletionStage<NlmStatus>> onLock = args -> now(NlmStatus.GRANTED);
    Function<CancelArgs, CompletionStage<NlmStatus>> onCancel = args -> now(NlmStatus.GRANTED);
    Function<UnlockArgs, CompletionStage<NlmStatus>> onUnlock = args -> now(NlmStatus.GRANTED);

    private final List<NlmVersion> versions;
    private final RpcClient client;
    private int grants;

    ScriptedLockServer(World world, NlmVersion... versions) {
        this(world, ADDRESS, versions);
    }

    ScriptedLockServer(World world, InetAddress address, NlmVersion... versions) {
        this.world = world;
        this.address = address;
        this.versions = List.of(versions);
        this.host = world.network.host(address);
        this.client = RpcClient.builder(world.network.platform(host)).build();
        serve(PORT);
    }

    /** Bytes of {@link World#FILE} at the server at {@link #ADDRESS}, to be locked exclusively. */
    static NlmLock lock(NlmOwner owner, long first, long last) {
        return new NlmLock(
                NlmServer.udp(ADDRESS),
                World.FILE,
                owner,
                new LockRange(first, last),
                LockMode.EXCLUSIVE);
    }

    /** Starts at this port, for the first time or again. */
    void serve(int port) {
        RpcProgram.Builder program = RpcProgram.builder(Nlm.PROGRAM, "scripted");
        rpcbind.clear();
        for (NlmVersion each : versions) {
            program.asynchronous(each.lock().call(), (call, args) -> call.answerFrom(lock(args)))
                    .asynchronous(
                            each.cancel().call(), (call, args) -> call.answerFrom(cancel(args)))
                    .asynchronous(
                            each.unlock().call(), (call, args) -> call.answerFrom(unlock(args)));
            rpcbind.set(each.programVersion(), Transport.UDP, port);
            rpcbind.set(each.programVersion(), Transport.TCP, port);
        }
        RpcServer server =
                RpcServer.builder(world.network.platform(host))
                        .program(program.build())
                        .program(rpcbind.program())
                        .build();
        try {
            for (int each : new int[] {LinuxClient.RPC_PORT, port}) {
                server.attach(host.bindDatagram(new InetSocketAddress(address, each)));
                server.listen(new InetSocketAddress(address, each));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it; {@link #serve} brings it back. */
    void kill() {
        host.kill();
    }

    static CompletionStage<NlmStatus> now(NlmStatus status) {
        return CompletableFuture.completedFuture(status);
    }

    private CompletionStage<StatusReply> lock(LockArgs args) {
        locks.add(args);
        return onLock.apply(args).thenApply(status -> new StatusReply(args.cookie(), status));
    }

    private CompletionStage<StatusReply> cancel(CancelArgs args) {
        cancels.add(args);
        return onCancel.apply(args).thenApply(status -> new StatusReply(args.cookie(), status));
    }

    private CompletionStage<StatusReply> unlock(UnlockArgs args) {
        unlocks.add(args);
        return onUnlock.apply(args).thenApply(status -> new StatusReply(args.cookie(), status));
    }

    /** Calls GRANTED for a LOCK that came; brings the client's answer. */
    CompletableFuture<NlmStatus> grant(JavaClient to, LockArgs lock) {
        return grant(to, lock.exclusive(), lock.lock());
    }

    CompletableFuture<NlmStatus> grant(JavaClient to, boolean exclusive, WireLock lock) {
        return grant(to.address, JavaClient.CALL_BACK_PORT, exclusive, lock);
    }

    CompletableFuture<NlmStatus> grant(InetAddress to, int port, boolean exclusive, WireLock lock) {
        TestArgs grant = new TestArgs(Opaque.ofUtf8("grant " + grants++), exclusive, lock);
        return client.call(
                        RpcTarget.udp(new InetSocketAddress(to, port)),
                        versions.get(0).granted().call(),
                        grant,
                        CallOptions.DEFAULT)
                .thenApply(StatusReply::status);
    }
}
