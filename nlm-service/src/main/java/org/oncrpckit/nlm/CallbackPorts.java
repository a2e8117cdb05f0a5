package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.PortCache;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Where clients want to be called back: what their own rpcbind says, remembered for a minute. Never
 * a name and never a fixed port. Thread-safe.
 */
final class CallbackPorts {
    /** Why there is nowhere to call. */
    static final String NOT_REGISTERED = "the client has registered no lock manager";

    private static final Duration KEPT = Duration.ofSeconds(60);
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final PortCache ports;
    private final CallbackTransport preference;

    CallbackPorts(RpcbindClient rpcbind, Timers timers, CallbackTransport preference) {
        this.ports = new PortCache(rpcbind, timers, KEPT, PortCache.DEFAULT_ENTRIES_MAX);
        this.preference = preference;
    }

    /**
     * Finds where to call back.
     *
     * @param afresh whether to ask although an answer is remembered
     * @return empty when the client says that it has no lock manager of this version and transport;
     *     fails when its rpcbind does not answer
     */
    CompletableFuture<Optional<RpcTarget>> find(HostAddress host, Route route, boolean afresh) {
        if (preference == CallbackTransport.SAME || route.transport() == Transport.UDP) {
            return find(host, route, route.transport(), afresh);
        }
        return find(host, route, Transport.UDP, afresh)
                .thenCompose(
                        udp ->
                                udp.isPresent()
                                        ? CompletableFuture.completedFuture(udp)
                                        : find(host, route, route.transport(), afresh));
    }

    private CompletableFuture<Optional<RpcTarget>> find(
            HostAddress host, Route route, Transport transport, boolean afresh) {
        ProgramVersion version = new ProgramVersion(Nlm.PROGRAM, route.version());
        if (afresh) {
            ports.invalidate(host.address(), version, transport);
        }
        return ports.lookUp(host.address(), route.server(), version, transport, OPTIONS)
                .thenApply(
                        answer ->
                                answer.map(
                                        address ->
                                                new RpcTarget(transport, address, route.server())));
    }
}
