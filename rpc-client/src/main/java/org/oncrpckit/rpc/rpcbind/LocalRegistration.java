package org.oncrpckit.rpc.rpcbind;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.client.RpcUnreachableException;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Registers with this host's rpcbind. Three ways, of which the first that works is taken: its
 * UNIX-domain socket; loopback from a privileged port, which a port mapper takes for root's; and
 * loopback from any port, which some accept from everybody. Thread-safe.
 */
final class LocalRegistration {
    private final RpcClient client;
    private final LocalRpcbind where;

    LocalRegistration(RpcClient client, LocalRpcbind where) {
        this.client = client;
        this.where = where;
    }

    /** One request in the form of each version that may be tried, best first. */
    private record Attempts(List<Function<RpcTarget, Attempt>> versions) {}

    private record Attempt(Function<RpcClient, CompletableFuture<Boolean>> call) {}

    CompletableFuture<Boolean> set(Registration registration, CallOptions options) {
        Attempts rpcbind =
                new Attempts(
                        List.of(
                                attempt(RpcbindProtocol.V4.set(), registration, options),
                                attempt(RpcbindProtocol.V3.set(), registration, options)));
        boolean ipv4 =
                registration.netid().equals(Netid.UDP) || registration.netid().equals(Netid.TCP);
        Attempts overLoopback =
                ipv4
                        ? new Attempts(
                                List.of(
                                        attempt(
                                                PortmapProtocol.SET,
                                                mapping(registration),
                                                options)))
                        : rpcbind;
        return overSocket(rpcbind, overLoopback);
    }

    CompletableFuture<Boolean> unset(ProgramVersion programVersion, CallOptions options) {
        Registration all = new Registration(programVersion, "", "", "");
        Function<RpcTarget, Attempt> v4 = attempt(RpcbindProtocol.V4.unset(), all, options);
        Function<RpcTarget, Attempt> v3 = attempt(RpcbindProtocol.V3.unset(), all, options);
        Function<RpcTarget, Attempt> v2 =
                attempt(PortmapProtocol.UNSET, new Mapping(programVersion, 0, 0), options);
        return overSocket(new Attempts(List.of(v4, v3)), new Attempts(List.of(v4, v3, v2)));
    }

    private static <A> Function<RpcTarget, Attempt> attempt(
            Procedure<A, Boolean> procedure, A arguments, CallOptions options) {
        return target -> new Attempt(caller -> caller.call(target, procedure, arguments, options));
    }

    private static Mapping mapping(Registration registration) {
        InetSocketAddress address = UniversalAddress.parse(registration.address());
        return new Mapping(
                registration.programVersion(),
                registration.netid().equals(Netid.UDP) ? PortmapProtocol.UDP : PortmapProtocol.TCP,
                address.getPort());
    }

    private CompletableFuture<Boolean> overSocket(Attempts attempts, Attempts overLoopback) {
        RpcTarget target = RpcTarget.unix(where.socket());
        return recover(
                run(client, target, attempts),
                failure ->
                        failure instanceof RpcUnreachableException
                                ? fromPrivilegedPort(overLoopback)
                                : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Boolean> fromPrivilegedPort(Attempts attempts) {
        RpcClient privileged =
                RpcClient.builder(client.platform()).localPorts(PortPolicy.privileged()).build();
        RpcTarget target =
                new RpcTarget(Transport.UDP, where.loopback(), where.loopback().getAddress());
        CompletableFuture<Boolean> first =
                run(privileged, target, attempts)
                        .whenComplete((result, failure) -> privileged.close());
        return recover(
                first,
                failure ->
                        failure instanceof RpcUnreachableException unreachable
                                        && unreachable.trace().transmissions() == 0
                                ? run(client, target, attempts)
                                : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Boolean> run(RpcClient caller, RpcTarget target, Attempts attempts) {
        return next(caller, target, new ArrayDeque<>(attempts.versions()));
    }

    private CompletableFuture<Boolean> next(
            RpcClient caller, RpcTarget target, Queue<Function<RpcTarget, Attempt>> versions) {
        CompletableFuture<Boolean> call = versions.remove().apply(target).call().apply(caller);
        return recover(
                call,
                failure -> {
                    if (failure instanceof RpcRejectedException rejected) {
                        if (rejected.authStatus().isPresent()) {
                            return CompletableFuture.completedFuture(false);
                        }
                        if (!versions.isEmpty()) {
                            return next(caller, target, versions);
                        }
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    private static <R> CompletableFuture<R> recover(
            CompletableFuture<R> call, Function<Throwable, CompletableFuture<R>> failed) {
        return call.exceptionallyCompose(failure -> failed.apply(Conversation.causeOf(failure)));
    }
}
