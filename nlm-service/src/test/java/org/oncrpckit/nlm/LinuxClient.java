package org.oncrpckit.nlm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/**
 * A host with the habits of a Linux kernel as a client: synchronous calls over TCP with cookies of
 * four bytes, a waiter that asks again every 30 s, GRANTED_MSG answered through the server's port
 * mapper from another port, CANCEL on a signal, UNLOCK of the whole file at each close, reclaims
 * with state 0 when the server's monitor says that it has restarted.
 */
final class LinuxClient {
    static final Duration POLL = Duration.ofSeconds(30);
    static final CallOptions HARD = CallOptions.DEFAULT.withTimeLimit(Duration.ofMinutes(10));
    static final int LOCKD_PORT = 32803;
    static final int STATD_PORT = 662;
    static final int RPC_PORT = 111;

    final World world;
    final InetAddress address;
    final HostName name;
    final SimulatedHost host;
    final List<Waiter> waiters = new ArrayList<>();
    final List<Held> held = new ArrayList<>();

    /** Every GRANTED_MSG that came, repetitions included. */
    final List<TestArgs> granted = new ArrayList<>();

    NlmVersion version = NlmVersion.V4;
    Transport transport = Transport.TCP;
    InetAddress server = World.SERVER;
    int state = 3;

    /** What GRANTED_MSG is answered with; empty for the kernel's own answer. */
    Function<TestArgs, Answer> answers = args -> Answer.KERNEL;

    /** Hears of every waiter that has its lock, at once. */
    Consumer<Waiter> onHave = waiter -> {};

    RpcClient client;
    RpcServer rpcServer;
    TestRpcbind rpcbind = new TestRpcbind();
    private int cookies = 0x1234;
    private int svids;

    /** What to answer to GRANTED_MSG. */
    enum Answer {
        /** What the kernel would. */
        KERNEL,
        /** The call is taken as lost: no effect, no answer. */
        LOSE_CALL,
        /** The kernel takes it, and the answer is lost. */
        LOSE_ANSWER,
        /** "I am in grace myself." */
        GRACE
    }

    /** An open file description or process, as an owner. */
    record Owner(int svid, Opaque handle) {}

    /** A lock that the kernel has. */
    record Held(Owner owner, Opaque file, long offset, long length, boolean exclusive) {}

    LinuxClient(World world, InetAddress address, String name) {
        this.world = world;
        this.address = address;
        this.name = HostName.of(name);
        this.host = world.network.host(address);
        boot();
    }

    void boot() {
        client = RpcClient.builder(world.network.platform(host)).build();
        rpcServer =
                RpcServer.builder(world.network.platform(host))
                        .program(rpcbind.program())
                        .program(lockd())
                        .program(
                                RpcProgram.builder(NsmProcedures.PROGRAM, "statd")
                                        .procedure(NsmProcedures.NOTIFY, this::serverRestarted)
                                        .build())
                        .build();
        try {
            for (int port : new int[] {RPC_PORT, LOCKD_PORT, STATD_PORT}) {
                rpcServer.attach(host.bindDatagram(new InetSocketAddress(address, port)));
                rpcServer.listen(new InetSocketAddress(address, port));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        register();
    }

    private RpcProgram lockd() {
        RpcProgram.Builder lockd = RpcProgram.builder(Nlm.PROGRAM, "lockd");
        for (NlmVersion each : NlmVersion.all()) {
            lockd.procedure(each.granted().message(), this::grantedMessage)
                    .procedure(each.granted().call(), this::grantedCall);
        }
        return lockd.build();
    }

    void register() {
        for (Transport each : List.of(Transport.UDP, Transport.TCP)) {
            NlmVersion.all()
                    .forEach(known -> rpcbind.set(known.programVersion(), each, LOCKD_PORT));
            rpcbind.set(NsmProcedures.V1, each, STATD_PORT);
        }
    }

    Owner owner() {
        int svid = svids++;
        return new Owner(svid, Opaque.ofUtf8(svid + "@" + name));
    }

    /** The power goes; locks, waiters and svids are forgotten. */
    void crash() {
        host.crash();
        client.close();
        rpcServer.close();
        List.copyOf(waiters).forEach(Waiter::stop);
        held.clear();
        svids = 0;
    }

    /** It comes back and says so. */
    void reboot() {
        host.restart();
        state += 2;
        boot();
        tellState(state);
    }

    void tellState(int newState) {
        var unused =
                client.call(
                        RpcTarget.udp(new InetSocketAddress(server, World.NSM_PORT)).from(address),
                        NsmProcedures.NOTIFY,
                        new StateChange(name, newState),
                        HARD);
    }

    // Single calls.

    NlmStatus lock(Owner owner, Opaque file, long offset, long length, boolean exclusive) {
        NlmStatus status =
                world.await(sendLock(owner, file, offset, length, exclusive, false, false));
        if (status == NlmStatus.GRANTED) {
            held.add(new Held(owner, file, offset, length, exclusive));
        }
        return status;
    }

    CompletableFuture<NlmStatus> sendLock(
            Owner owner,
            Opaque file,
            long offset,
            long length,
            boolean exclusive,
            boolean block,
            boolean reclaim) {
        LockArgs args =
                new LockArgs(
                        cookie(),
                        block,
                        exclusive,
                        describe(owner, file, offset, length),
                        reclaim,
                        reclaim ? 0 : state);
        return client.call(target(), version.lock().call(), args, HARD)
                .thenApply(StatusReply::status);
    }

    NlmStatus unlock(Owner owner, Opaque file, long offset, long length) {
        held.removeIf(
                each ->
                        each.owner().equals(owner)
                                && each.file().equals(file)
                                && (length == 0 || each.offset() == offset));
        return world.await(sendUnlock(owner, file, offset, length));
    }

    CompletableFuture<NlmStatus> sendUnlock(Owner owner, Opaque file, long offset, long length) {
        return client.call(
                        target(),
                        version.unlock().call(),
                        new UnlockArgs(cookie(), describe(owner, file, offset, length)),
                        HARD)
                .thenApply(StatusReply::status);
    }

    /** What the kernel does at every close. */
    NlmStatus close(Owner owner, Opaque file) {
        return unlock(owner, file, 0, 0);
    }

    TestOutcome test(Owner owner, Opaque file, long offset, long length, boolean exclusive) {
        return world.await(
                client.call(
                                target(),
                                version.test().call(),
                                new TestArgs(
                                        cookie(), exclusive, describe(owner, file, offset, length)),
                                HARD)
                        .thenApply(TestReply::outcome));
    }

    CompletableFuture<NlmStatus> sendCancel(Waiter waiter) {
        return client.call(
                        target(),
                        version.cancel().call(),
                        new CancelArgs(
                                cookie(),
                                true,
                                waiter.exclusive,
                                describe(waiter.owner, waiter.file, waiter.offset, waiter.length)),
                        HARD)
                .thenApply(StatusReply::status);
    }

    CompletableFuture<Nothing> sendResult(Opaque cookie, NlmStatus status) {
        return new RpcbindClient(client)
                .lookUp(server, address, version.programVersion(), transport, HARD)
                .thenCompose(
                        found ->
                                client.call(
                                        new RpcTarget(transport, found.orElseThrow(), address),
                                        version.granted().result(),
                                        new StatusReply(cookie, status),
                                        HARD));
    }

    RpcTarget target() {
        return new RpcTarget(transport, new InetSocketAddress(server, World.NLM_PORT), address);
    }

    WireLock describe(Owner owner, Opaque file, long offset, long length) {
        return new WireLock(name, file, owner.handle(), owner.svid(), offset, length);
    }

    Opaque cookie() {
        return Opaque.copyOf(ByteBuffer.allocate(4).putInt(cookies++).array());
    }

    // Waiting.

    /** F_SETLKW: asks, and goes on asking. */
    Waiter waitFor(Owner owner, Opaque file, long offset, long length, boolean exclusive) {
        Waiter waiter = new Waiter(owner, file, offset, length, exclusive);
        waiters.add(waiter);
        waiter.ask();
        return waiter;
    }

    private Nothing grantedMessage(CallContext call, TestArgs args) {
        granted.add(args);
        Answer answer = answers.apply(args);
        switch (answer) {
            case LOSE_CALL -> {}
            case LOSE_ANSWER -> wake(call, args);
            case GRACE -> reply(args, NlmStatus.DENIED_GRACE_PERIOD);
            case KERNEL -> reply(args, wake(call, args));
        }
        return Nothing.NOTHING;
    }

    /** The other shape; its answer cannot be lost without its call. */
    private StatusReply grantedCall(CallContext call, TestArgs args) {
        granted.add(args);
        NlmStatus status =
                answers.apply(args) == Answer.GRACE
                        ? NlmStatus.DENIED_GRACE_PERIOD
                        : wake(call, args);
        return new StatusReply(args.cookie(), status);
    }

    private void reply(TestArgs args, NlmStatus status) {
        var unused = sendResult(args.cookie(), status);
    }

    /** The kernel compares server, file, svid and range; neither cookie, nor oh, nor mode. */
    private NlmStatus wake(CallContext call, TestArgs args) {
        boolean fromServer =
                call.peer() instanceof InetSocketAddress peer && peer.getAddress().equals(server);
        for (Waiter each : List.copyOf(waiters)) {
            if (fromServer
                    && each.owner.svid() == args.lock().svid()
                    && each.file.equals(args.lock().fileHandle())
                    && each.offset == args.lock().offset()
                    && each.length == args.lock().length()) {
                each.tell();
                return NlmStatus.GRANTED;
            }
        }
        return NlmStatus.DENIED;
    }

    private Nothing serverRestarted(CallContext call, StateChange change) {
        for (Held each : List.copyOf(held)) {
            var unused =
                    sendLock(
                                    each.owner(),
                                    each.file(),
                                    each.offset(),
                                    each.length(),
                                    each.exclusive(),
                                    false,
                                    true)
                            .thenAccept(
                                    status -> {
                                        if (status != NlmStatus.GRANTED) {
                                            held.remove(each);
                                        }
                                    });
        }
        return Nothing.NOTHING;
    }

    /** Somebody asleep in F_SETLKW. */
    final class Waiter {
        final Owner owner;
        final Opaque file;
        final long offset;
        final long length;
        final boolean exclusive;

        /** Every status that LOCK was answered with. */
        final List<NlmStatus> replies = new ArrayList<>();

        boolean has;
        boolean failed;

        /** Whether a LOCK is under way; a signal is only looked at when it has been answered. */
        boolean asking;

        private boolean stopped;
        private boolean told;
        private Timers.@Nullable Timer poll;

        private Waiter(Owner owner, Opaque file, long offset, long length, boolean exclusive) {
            this.owner = owner;
            this.file = file;
            this.offset = offset;
            this.length = length;
            this.exclusive = exclusive;
        }

        void ask() {
            asking = true;
            var unused =
                    sendLock(owner, file, offset, length, exclusive, true, false)
                            .thenAccept(this::answered);
        }

        private void answered(NlmStatus status) {
            asking = false;
            replies.add(status);
            if (stopped || has) {
                return;
            }
            // What it was told counts when LOCK is answered BLOCKED; any other answer is the last
            // word.
            switch (status) {
                case GRANTED -> have();
                case BLOCKED -> {
                    if (told) {
                        have();
                    } else {
                        poll = world.time.schedule(POLL, this::ask);
                    }
                }
                case DENIED_GRACE_PERIOD ->
                        poll = world.time.schedule(Duration.ofMillis(5040), this::ask);
                default -> {
                    failed = true;
                    stop();
                }
            }
        }

        /** GRANTED came. A thread inside a call of LOCK only looks when that has returned. */
        private void tell() {
            told = true;
            if (!asking) {
                have();
            }
        }

        private void have() {
            has = true;
            held.add(new Held(owner, file, offset, length, exclusive));
            stop();
            onHave.accept(this);
        }

        /** SIGINT: CANCEL; and UNLOCK if that says that the lock was granted meanwhile. */
        NlmStatus signal() {
            stop();
            NlmStatus status = world.await(sendCancel(this));
            if (status == NlmStatus.DENIED) {
                unlock(owner, file, offset, length);
            }
            return status;
        }

        /** Nobody waits here any more, and nobody says so. */
        void stop() {
            stopped = true;
            waiters.remove(this);
            if (poll != null) {
                poll.cancel();
            }
        }
    }
}
