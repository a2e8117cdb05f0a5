package org.oncrpckit.nsm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostStatus;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells services outside this process that a host has restarted: over UDP, on loopback, and nowhere
 * else whatever SM_MON said. Thread-safe.
 */
final class CallBackCaller {
    /** Call-backs that may be under way; one more is dropped, and said so. */
    static final int UNDER_WAY_MAX = 4096;

    /** How often one call-back is tried. */
    static final int ATTEMPTS_MAX = 5;

    /** From one try to the next. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(CallBackCaller.class);
    private static final RateLimitedLog TOO_MANY = new RateLimitedLog(LOG);
    private static final RateLimitedLog NOT_TOLD = new RateLimitedLog(LOG);
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final Timers timers;
    private final RpcClient client;
    private final RpcbindClient rpcbind;
    private final InetAddress loopback;

    /** The newest state that each contact is being told. */
    @GuardedBy("this")
    private final Map<Contact, Integer> underWay = new HashMap<>();

    @GuardedBy("this")
    private boolean closed;

    CallBackCaller(Timers timers, RpcClient client, RpcbindClient rpcbind, InetAddress loopback) {
        this.timers = timers;
        this.client = client;
        this.rpcbind = rpcbind;
        this.loopback = loopback;
    }

    /** Tells the service of this contact, which has a call-back. */
    void call(Contact contact, CallBack callBack, int state) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (!underWay.containsKey(contact) && underWay.size() >= UNDER_WAY_MAX) {
                TOO_MANY.warn(
                        "{} is not told of the restart of {}: {} call-backs under way (limit)",
                        callBack,
                        contact.name(),
                        UNDER_WAY_MAX);
                return;
            }
            underWay.put(contact, state);
        }
        attempt(contact, callBack, state, 1);
    }

    synchronized void close() {
        closed = true;
    }

    private void attempt(Contact contact, CallBack callBack, int state, int attempt) {
        if (!isCurrent(contact, state)) {
            return;
        }
        ProgramVersion service = new ProgramVersion(callBack.program(), callBack.version());
        HostStatus status = new HostStatus(contact.name(), state, callBack.priv());
        CompletionStage<Void> told =
                rpcbind.lookUp(loopback, loopback, service, Transport.UDP, OPTIONS)
                        .thenCompose(
                                port ->
                                        port.map(InetSocketAddress::getPort)
                                                .map(number -> send(number, callBack, status))
                                                .orElseGet(() -> notRegistered(service)));
        told.whenComplete(
                (nothing, failure) -> {
                    if (failure != null && attempt < ATTEMPTS_MAX) {
                        timers.schedule(
                                PAUSE, () -> attempt(contact, callBack, state, attempt + 1));
                        return;
                    }
                    end(contact, state);
                    if (failure != null) {
                        NOT_TOLD.warn(
                                "{} does not know of the restart of {}: {}",
                                service,
                                contact.name(),
                                failure.toString());
                    }
                });
    }

    /** The port is rpcbind's, the address is ours: a call-back never leaves the host. */
    private CompletableFuture<Void> send(int port, CallBack callBack, HostStatus status) {
        RpcTarget target = RpcTarget.udp(new InetSocketAddress(loopback, port)).from(loopback);
        return client.call(target, NsmProcedures.callBack(callBack), status, OPTIONS)
                .thenAccept(nothing -> {});
    }

    private static CompletableFuture<Void> notRegistered(ProgramVersion service) {
        return CompletableFuture.failedFuture(
                new MonitorException(service + " is not registered over UDP", null));
    }

    private synchronized boolean isCurrent(Contact contact, int state) {
        return !closed && Integer.valueOf(state).equals(underWay.get(contact));
    }

    private synchronized void end(Contact contact, int state) {
        underWay.remove(contact, state);
    }
}
