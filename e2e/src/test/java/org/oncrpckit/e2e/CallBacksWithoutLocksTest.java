package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.oncrpckit.xdr.XdrCodecs.INT;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.FileHandleResolver;
import org.oncrpckit.nlm.LocalOwner;
import org.oncrpckit.nlm.NlmListener;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.LockListener;
import org.oncrpckit.nlm.client.NlmClient;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmServer;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MemoryNsmStore;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.RebootListener;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcClientListener;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.AccessRule;
import org.oncrpckit.rpc.server.HandlerPlacement;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.RpcServerListener;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Opaque;

/** Whatever we call that is not ours (handlers, listeners, rules, stages): no lock is held. */
class CallBacksWithoutLocksTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ProgramVersion INLINE = new ProgramVersion(0x2000_0101, 1);
    private static final ProgramVersion WORKERS = new ProgramVersion(0x2000_0102, 1);
    private static final ProgramVersion LATER = new ProgramVersion(0x2000_0103, 1);
    private static final int FAIL = -1;
    private static final HostName NAME = HostName.of("localhost");

    private final LockWatch watch = new LockWatch();
    private final Teardown teardown = new Teardown();
    private RpcPlatform platform;
    private RpcClient client;

    @BeforeEach
    void open() {
        SocketPlatform sockets = SocketPlatform.open();
        teardown.add(sockets);
        platform = sockets.platform();
        client =
                RpcClient.builder(platform)
                        .listener(watch.listener(RpcClientListener.class))
                        .onOpened(endpoint -> watch.look("onOpened"))
                        .build();
        teardown.add(client);
    }

    @AfterEach
    void close() {
        teardown.close();
    }

    /** The watch itself. */
    @Test
    void aLockThatIsHeldIsSeen() {
        watch.look("free");
        assertThat(watch.locked()).isEmpty();
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try {
            watch.look("under a lock");
        } finally {
            lock.unlock();
        }
        synchronized (this) {
            watch.look("under a monitor");
        }
        assertThat(watch.locked())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("under a lock is called under"),
                        second -> assertThat(second).startsWith("under a monitor is called under"));
    }

    @Test
    void callsAreServedAndEndUnderNoLock() throws Exception {
        RpcServer server =
                RpcServer.builder(platform)
                        .listener(watch.listener(RpcServerListener.class))
                        .access(
                                (header, peer, transport) -> {
                                    watch.look("AccessRule");
                                    return AccessRule.Decision.ALLOW;
                                })
                        .program(program(INLINE).build())
                        .program(
                                program(WORKERS)
                                        .placement(new HandlerPlacement.Workers(2, 10))
                                        .build())
                        .program(answeringLater())
                        .build();
        InetSocketAddress at = serve(server);
        for (RpcTarget target : new RpcTarget[] {RpcTarget.udp(at), RpcTarget.tcp(at)}) {
            for (ProgramVersion version : new ProgramVersion[] {INLINE, WORKERS, LATER}) {
                assertThat(call(target, version, 7).get()).isEqualTo(7);
                assertThatThrownBy(() -> call(target, version, FAIL).get())
                        .hasCauseInstanceOf(RpcException.class);
            }
        }
        CompletableFuture<Integer> cancelled =
                client.call(RpcTarget.udp(silent()), echo(INLINE), 1, CallOptions.DEFAULT);
        cancelled.cancel(true);
        server.close();
        await().atMost(LIMIT)
                .until(() -> watch.callBacks().contains("RpcClientListener.disconnected"));
        client.close();

        assertThat(watch.locked()).isEmpty();
        assertThat(watch.callBacks())
                .contains(
                        "AccessRule",
                        "handler",
                        "handler that answers later",
                        "stage of a call",
                        "onOpened",
                        "RpcServerListener.callEnded",
                        "RpcServerListener.handlerFailed",
                        "RpcServerListener.connectionAccepted",
                        "RpcServerListener.connectionClosed",
                        "RpcClientListener.sent",
                        "RpcClientListener.replied",
                        "RpcClientListener.failed",
                        "RpcClientListener.measured",
                        "RpcClientListener.connected",
                        "RpcClientListener.cancelled");
    }

    @Test
    void locksAreHandedOverAndHostsRestartUnderNoLock() throws Exception {
        RpcbindClient rpcbind = new RpcbindClient(client);
        NsmService monitor =
                NsmService.builder(platform, client, rpcbind).open(new MemoryNsmStore());
        teardown.add(monitor);
        NlmService locks =
                NlmService.builder(platform, client, rpcbind, StatusMonitor.of(monitor))
                        .listener(watch.listener(NlmListener.class))
                        .resolver(
                                question -> {
                                    watch.look("FileHandleResolver");
                                    return new FileHandleResolver.Resolved(
                                            FileId.of(question.handle().toByteArray()));
                                })
                        .build();
        teardown.add(locks);
        HostMonitor interest =
                monitor.monitorFor("somebody else", watch.listener(RebootListener.class));
        InetSocketAddress at =
                serve(
                        RpcServer.builder(platform)
                                .program(locks.program())
                                .program(monitor.program())
                                .build());
        NlmClient holder = lockClient();
        NlmServer server = NlmServer.tcp(at.getAddress()).atPort(at.getPort());
        Opaque handle = Opaque.ofUtf8("a file");
        NlmLock lock =
                new NlmLock(
                        server, handle, holder.newOwner(), new LockRange(0, 9), LockMode.EXCLUSIVE);

        holder.lock(lock, LIMIT)
                .answer()
                .thenAccept(answer -> watch.look("answer of a lock"))
                .get();
        CompletableFuture<Void> local =
                locks.local()
                        .lock(
                                LocalOwner.of("local", 1),
                                FileId.of(handle.toByteArray()),
                                new LockRange(5, 5),
                                LockMode.SHARED)
                        .outcome()
                        .thenAccept(outcome -> watch.look("outcome of a local request"))
                        .toCompletableFuture();
        assertThat(local).isNotDone();
        holder.unlock(lock).thenRun(() -> watch.look("answer of an unlock")).get();
        local.get();

        restartServer(holder, lock, at.getAddress());
        restartClient(interest, at);

        assertThat(watch.locked()).isEmpty();
        assertThat(watch.callBacks())
                .contains(
                        "FileHandleResolver",
                        "answer of a lock",
                        "answer of an unlock",
                        "outcome of a local request",
                        "stage of the monitor",
                        "NlmListener.answered",
                        "NlmListener.hostAppeared",
                        "NlmListener.hostRestarted",
                        "RebootListener.hostRebooted",
                        "LockListener.reclaimed");
    }

    private NlmClient lockClient() {
        NlmClient opened =
                NlmClient.builder(platform)
                        .rpcbind(RpcbindMode.NONE)
                        .listener(watch.listener(LockListener.class))
                        .build();
        teardown.add(opened);
        return opened;
    }

    /** The client is told so, and takes its locks back. */
    private void restartServer(NlmClient holder, NlmLock lock, InetAddress server)
            throws Exception {
        NlmLock other =
                new NlmLock(
                        lock.server(),
                        lock.file(),
                        lock.owner(),
                        new LockRange(20, 29),
                        LockMode.EXCLUSIVE);
        assertThat(holder.tryLock(other).get()).isInstanceOf(LockAnswer.Granted.class);
        holder.serverRebooted(server, 7);
        await().atMost(LIMIT).until(() -> watch.callBacks().contains("LockListener.reclaimed"));
    }

    /** Its monitor says so; two services want to know. */
    private void restartClient(HostMonitor interest, InetSocketAddress at) throws Exception {
        interest.monitor(new MonitoredHost(at.getAddress(), NAME, at.getAddress(), NAME))
                .thenRun(() -> watch.look("stage of the monitor"))
                .toCompletableFuture()
                .get();
        client.callAndWait(
                RpcTarget.udp(at),
                NsmProcedures.NOTIFY,
                new StateChange(NAME, 7),
                CallOptions.DEFAULT);
        await().atMost(LIMIT)
                .until(() -> watch.callBacks().contains("RebootListener.hostRebooted"));
        await().atMost(LIMIT).until(() -> watch.callBacks().contains("NlmListener.hostRestarted"));
    }

    private RpcProgram.Builder program(ProgramVersion version) {
        return RpcProgram.builder(version.program(), "watched")
                .procedure(
                        echo(version),
                        (call, number) -> {
                            watch.look("handler");
                            if (number == FAIL) {
                                throw new IllegalStateException("on purpose");
                            }
                            return number;
                        });
    }

    private RpcProgram answeringLater() {
        return RpcProgram.builder(LATER.program(), "watched")
                .asynchronous(
                        echo(LATER),
                        (call, number) -> {
                            watch.look("handler that answers later");
                            call.answerFrom(
                                    number == FAIL
                                            ? CompletableFuture.failedFuture(
                                                    new IllegalStateException("on purpose"))
                                            : CompletableFuture.completedFuture(number));
                        })
                .build();
    }

    private static Procedure<Integer, Integer> echo(ProgramVersion version) {
        return new Procedure<>(version, 1, "ECHO", INT, INT);
    }

    private CompletableFuture<Integer> call(RpcTarget target, ProgramVersion version, int number) {
        return client.call(target, echo(version), number, CallOptions.DEFAULT)
                .whenComplete((reply, failure) -> watch.look("stage of a call"));
    }

    private InetSocketAddress serve(RpcServer server) throws IOException {
        teardown.add(server);
        Endpoint datagrams = platform.network().bindDatagram(anyPort());
        teardown.add(datagrams);
        server.attach(datagrams);
        InetSocketAddress at = (InetSocketAddress) datagrams.localAddress();
        server.listen(at);
        return at;
    }

    /** The address of a socket that nobody reads. */
    private InetSocketAddress silent() throws IOException {
        Endpoint datagrams = platform.network().bindDatagram(anyPort());
        teardown.add(datagrams);
        return (InetSocketAddress) datagrams.localAddress();
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
