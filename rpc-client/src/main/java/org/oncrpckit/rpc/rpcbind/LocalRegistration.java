package org.oncrpckit.rpc.rpcbind;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.client.RpcUnreachableException;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.transport.Deadline;
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

    /** A request in the form of one version of the protocol. */
    @FunctionalInterface
    private interface Request {
        CompletableFuture<Boolean> send(RpcClient by, RpcTarget to, CallOptions options);
    }

    CompletableFuture<Boolean> set(Registration registration, CallOptions options) {
        List<Request> rpcbind =
                List.of(
                        request(RpcbindProtocol.V4.set(), registration),
                        request(RpcbindProtocol.V3.set(), registration));
        boolean ipv4 =
                registration.netid().equals(Netid.UDP) || registration.netid().equals(Netid.TCP);
        List<Request> overLoopback =
                ipv4 ? List.of(request(PortmapProtocol.SET, mapping(registration))) : rpcbind;
        return new Attempts(options).overSocket(rpcbind, overLoopback);
    }

    CompletableFuture<Boolean> unset(ProgramVersion programVersion, CallOptions options) {
        Registration all = new Registration(programVersion, "", "", "");
        Request v4 = request(RpcbindProtocol.V4.unset(), all);
        Request v3 = request(RpcbindProtocol.V3.unset(), all);
        Request v2 = request(PortmapProtocol.UNSET, new Mapping(programVersion, 0, 0));
        return new Attempts(options).overSocket(List.of(v4, v3), List.of(v4, v3, v2));
    }

    private static <A> Request request(Procedure<A, Boolean> procedure, A arguments) {
        return (by, to, options) -> by.call(to, procedure, arguments, options);
    }

    private static Mapping mapping(Registration registration) {
        InetSocketAddress address = UniversalAddress.parse(registration.address());
        return new Mapping(
                registration.programVersion(),
                registration.netid().equals(Netid.UDP) ? PortmapProtocol.UDP : PortmapProtocol.TCP,
                address.getPort());
    }

    /** All that is tried for one registration, within its one time limit. */
    private final class Attempts {
        private final CallOptions options;
        private final Deadline deadline;

        Attempts(CallOptions options) {
            this.options = options;
            this.deadline = Deadline.in(client.platform().timers(), options.timeLimit());
        }

        CompletableFuture<Boolean> overSocket(List<Request> versions, List<Request> overLoopback) {
            return recover(
                    firstOf(versions, client, RpcTarget.unix(where.socket())),
                    failure ->
                            failure instanceof RpcUnreachableException
                                    ? fromPrivilegedPort(overLoopback)
                                    : CompletableFuture.failedFuture(failure));
        }

        private CompletableFuture<Boolean> fromPrivilegedPort(List<Request> versions) {
            RpcClient privileged =
                    RpcClient.builder(client.platform())
                            .localPorts(PortPolicy.privileged())
                            .build();
            RpcTarget target =
                    new RpcTarget(Transport.UDP, where.loopback(), where.loopback().getAddress());
            CompletableFuture<Boolean> first =
                    firstOf(versions, privileged, target)
                            .whenComplete((result, failure) -> privileged.close());
            return recover(
                    first,
                    failure ->
                            failure instanceof RpcUnreachableException unreachable
                                            && unreachable.trace().transmissions() == 0
                                    ? firstOf(versions, client, target)
                                    : CompletableFuture.failedFuture(failure));
        }

        /** What the first version says that rpcbind has. */
        private CompletableFuture<Boolean> firstOf(
                List<Request> versions, RpcClient by, RpcTarget to) {
            List<Request> others = versions.subList(1, versions.size());
            return recover(
                    versions.get(0).send(by, to, options.until(deadline)),
                    failure -> {
                        if (failure instanceof RpcRejectedException rejected) {
                            if (rejected.authStatus().isPresent()) {
                                return CompletableFuture.completedFuture(false);
                            }
                            if (!others.isEmpty()) {
                                return firstOf(others, by, to);
                            }
                        }
                        return CompletableFuture.failedFuture(failure);
                    });
        }
    }

    private static <R> CompletableFuture<R> recover(
            CompletableFuture<R> call, Function<Throwable, CompletableFuture<R>> failed) {
        return call.exceptionallyCompose(failure -> failed.apply(Failures.causeOf(failure)));
    }
}
