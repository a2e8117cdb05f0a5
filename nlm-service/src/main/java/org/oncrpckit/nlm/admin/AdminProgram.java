package org.oncrpckit.nlm.admin;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.rpc.server.CallContext;
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
    private final Supplier<DaemonStatus> status;
    private final AtomicLong sessionNumbers = new AtomicLong();
    private final Map<Endpoint, AdminSession> sessions = new ConcurrentHashMap<>();

    /**
     * Creates the program.
     *
     * @param service whose locks it lists and takes
     * @param status what to say of the daemon; must not block
     */
    public AdminProgram(Timers timers, NlmService service, Supplier<DaemonStatus> status) {
        this.timers = timers;
        this.service = service;
        this.status = status;
    }

    /**
     * The table to serve on the control socket, and nowhere else: whoever reaches it may do what it
     * offers, so the mode of the socket and of its folder decide who that is.
     */
    public RpcProgram table() {
        return RpcProgram.builder(AdminProtocol.VERSION.program(), "nlmd control")
                .idempotent(AdminProtocol.STATUS, (call, nothing) -> status.get())
                .procedure(AdminProtocol.LIST, (call, request) -> session(call).list(request))
                .procedure(AdminProtocol.LOCK, (call, request) -> session(call).lock(request))
                .asynchronous(AdminProtocol.AWAIT, this::await)
                .procedure(AdminProtocol.UNLOCK, this::unlock)
                .build();
    }

    private CompletionStage<LocalLockReply> await(CallContext call, long token) {
        return session(call).await(token);
    }

    private Nothing unlock(CallContext call, long token) {
        session(call).unlock(token);
        return Nothing.NOTHING;
    }

    private AdminSession session(CallContext call) {
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
