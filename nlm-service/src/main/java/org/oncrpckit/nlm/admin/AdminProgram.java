package org.oncrpckit.nlm.admin;

import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Nothing;

/**
 * Server side of the administrative program. Each connection is a session: what it locked is
 * released when it ends, whatever the reason. Thread-safe.
 */
public final class AdminProgram {
    private final Timers timers;
    private final NlmService service;
    private final ControlAccess access;
    private final Supplier<DaemonStatus> status;
    private final ClientProbe probe;
    private final Releases releases;
    private final AtomicLong sessionNumbers = new AtomicLong();
    private final Map<Endpoint, AdminSession> sessions = new ConcurrentHashMap<>();

    /**
     * Creates the program.
     *
     * @param service whose locks it lists, takes and releases
     * @param access who may call
     * @param status what to say of the daemon; must not block
     * @param probe tries to reach clients
     */
    public AdminProgram(
            Timers timers,
            NlmService service,
            ControlAccess access,
            Supplier<DaemonStatus> status,
            ClientProbe probe) {
        this.timers = timers;
        this.service = service;
        this.access = access;
        this.status = status;
        this.probe = probe;
        this.releases = new Releases(service, timers);
    }

    /** The table to serve on the control socket, and nowhere else. */
    public RpcProgram table() {
        return RpcProgram.builder(AdminProtocol.VERSION.program(), "nlmd control")
                .idempotent(AdminProtocol.STATUS, this::status)
                .procedure(AdminProtocol.LOCKS, (call, r) -> session(call).listings().locks(r))
                .procedure(AdminProtocol.WAITERS, (call, r) -> session(call).listings().waiters(r))
                .procedure(AdminProtocol.SHARES, (call, r) -> session(call).listings().shares(r))
                .procedure(AdminProtocol.HOSTS, (call, r) -> session(call).listings().hosts(r))
                .procedure(AdminProtocol.GRAPH, (call, r) -> session(call).listings().graph(r))
                .procedure(AdminProtocol.LOCK, (call, request) -> session(call).lock(request))
                .asynchronous(
                        AdminProtocol.AWAIT,
                        (call, request) -> call.answerFrom(session(call).await(request)))
                .procedure(AdminProtocol.UNLOCK, this::unlock)
                .procedure(AdminProtocol.RELEASE, this::release)
                .procedure(AdminProtocol.END_GRACE, this::endGrace)
                .asynchronous(
                        AdminProtocol.PROBE, (call, host) -> call.answerFrom(probe(call, host)))
                .build();
    }

    private DaemonStatus status(CallContext call, Nothing nothing) throws CallRejectedException {
        access.check(call);
        return status.get();
    }

    private Nothing unlock(CallContext call, long token) throws CallRejectedException {
        session(call).unlock(token);
        return Nothing.NOTHING;
    }

    private ReleaseReply release(CallContext call, ReleaseRequest request)
            throws CallRejectedException {
        return releases.release(request, access.check(call));
    }

    private boolean endGrace(CallContext call, Nothing nothing) throws CallRejectedException {
        UserPrincipal by = access.check(call);
        boolean ended = service.grace().end();
        if (ended) {
            Releases.AUDIT.info("grace period ended by hand; by user {}", by.getName());
        }
        return ended;
    }

    private CompletionStage<ProbeReply> probe(CallContext call, String host)
            throws CallRejectedException {
        access.check(call);
        return probe.probe(host);
    }

    private AdminSession session(CallContext call) throws CallRejectedException {
        access.check(call);
        Endpoint connection = call.endpoint();
        AdminSession session =
                sessions.computeIfAbsent(
                        connection,
                        key -> new AdminSession(sessionNumbers.incrementAndGet(), timers, service));
        if (session.isNew()) {
            connection
                    .closed()
                    .thenRun(
                            () -> {
                                sessions.remove(connection);
                                session.close();
                            });
        }
        return session;
    }
}
