package org.oncrpckit.nlm.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nlm.ClientRole;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.relay.RelayProtocol.ExpectedGrant;
import org.oncrpckit.nlm.relay.RelayProtocol.ExpectedResult;
import org.oncrpckit.nlm.relay.RelayProtocol.Forwarded;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.RebootNotice;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's side: takes what servers send to the lock clients of this host, and passes each
 * thing to the connection that has announced it, and to no other. What a connection waits for, and
 * what it has monitored, goes with it.
 *
 * <p>A grant that nobody waits for, or whose process does not answer within {@link
 * RelayLimits#verdict}, is denied. A process that was too slow is not lied to: to it a forwarded
 * grant is no more than a hint to ask the server.
 *
 * <p>Thread-safe; its own lock is held for look-ups only.
 */
public final class Relay implements ClientRole, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final RpcClient client;
    private final Network network;
    private final RelayLimits limits;
    private final CallOptions options;
    private final HostName name;
    private final HostMonitor monitor;
    private final Expectations<Endpoint> expectations;

    /** Which hosts each connection has monitored. */
    @GuardedBy("this")
    private final Map<Endpoint, Set<InetAddress>> monitored = new HashMap<>();

    /**
     * A relay with nobody connected.
     *
     * @param client calls the processes: connections to the control socket must be attached to it
     *     ({@code RpcServer.Builder.callBackClient})
     * @param monitor watches the servers for them
     * @param name what this host is called in the monitor's notices
     */
    public Relay(RpcClient client, StatusMonitor monitor, HostName name, RelayLimits limits) {
        this.client = Objects.requireNonNull(client, "client");
        this.network = client.platform().network();
        this.limits = Objects.requireNonNull(limits, "limits");
        this.options = CallOptions.DEFAULT.withTimeLimit(limits.verdict());
        this.name = Objects.requireNonNull(name, "name");
        this.expectations =
                new Expectations<>(limits.expectationsPerConnection(), limits.expectations());
        this.monitor = monitor.open(this::rebooted);
    }

    /**
     * The table to serve on the control socket, and nowhere else: the mode of the socket decides
     * who may wait for grants here.
     */
    public RpcProgram program() {
        return RpcProgram.builder(RelayProtocol.VERSION.program(), "nlmd relay")
                .procedure(RelayProtocol.HELLO, (call, nothing) -> hello(call))
                .procedure(RelayProtocol.EXPECT_GRANT, this::expectGrant)
                .procedure(RelayProtocol.EXPECT_RESULT, this::expectResult)
                .procedure(RelayProtocol.FORGET, this::forget)
                .asynchronous(
                        RelayProtocol.MONITOR, (call, host) -> call.answerFrom(monitor(call, host)))
                .build();
    }

    /** Grants and results that are waited for now. */
    public int expectations() {
        return expectations.size();
    }

    /** Processes that are connected now. */
    public synchronized int connections() {
        return monitored.size();
    }

    private RelayProtocol.Host hello(CallContext call) {
        Endpoint connection = call.endpoint();
        synchronized (this) {
            if (monitored.containsKey(connection)) {
                return new RelayProtocol.Host(name, monitor.state());
            }
            if (monitored.size() >= limits.connections()) {
                throw new IllegalStateException(
                        "%d lock clients are connected, which is the limit"
                                .formatted(monitored.size()));
            }
            monitored.put(connection, new HashSet<>());
        }
        expectations.open(connection);
        LOG.debug(
                "a lock client has connected: {}",
                connection.peerCredential().map(who -> who.user().getName()).orElse("unknown"));
        var unused = connection.closed().thenRun(() -> disconnected(connection));
        return new RelayProtocol.Host(name, monitor.state());
    }

    private void disconnected(Endpoint connection) {
        expectations.close(connection);
        Set<InetAddress> left = new HashSet<>();
        synchronized (this) {
            Set<InetAddress> own = monitored.remove(connection);
            if (own != null) {
                left.addAll(own);
            }
            monitored.values().forEach(left::removeAll);
        }
        left.forEach(this::unmonitor);
    }

    /** A connection may have asked for the host while its monitoring was being ended. */
    private void unmonitor(InetAddress host) {
        var unused =
                monitor.unmonitor(host)
                        .whenComplete(
                                (done, failure) -> {
                                    if (isWanted(host)) {
                                        var unusedAgain = watch(host);
                                    }
                                });
    }

    private synchronized boolean isWanted(InetAddress host) {
        return monitored.values().stream().anyMatch(hosts -> hosts.contains(host));
    }

    private Long expectGrant(CallContext call, ExpectedGrant expected) {
        return Expectations.Grant.of(expected.server(), expected.grant(), NlmVersion.V4)
                .map(key -> expectations.add(call.endpoint(), key))
                .orElse(0L);
    }

    private Long expectResult(CallContext call, ExpectedResult expected) {
        return expectations.add(
                call.endpoint(), Expectations.Result.of(expected.server(), expected.cookie()));
    }

    private Nothing forget(CallContext call, Long token) {
        expectations.remove(call.endpoint(), token);
        return Nothing.NOTHING;
    }

    private CompletionStage<String> monitor(CallContext call, InetAddress host) {
        synchronized (this) {
            Set<InetAddress> own = monitored.get(call.endpoint());
            if (own == null) {
                return CompletableFuture.completedFuture("no HELLO came on this connection");
            }
            if (own.size() >= limits.hostsPerConnection() && !own.contains(host)) {
                return CompletableFuture.completedFuture(
                        "%d hosts are monitored for this process, which is the limit"
                                .formatted(own.size()));
            }
            own.add(host);
        }
        return watch(host);
    }

    /** Brings why it cannot be watched; empty when it is. */
    private CompletionStage<String> watch(InetAddress host) {
        try {
            InetAddress local = network.sourceFor(host);
            return monitor.monitor(new MonitoredHost(host, HostName.of(host), local, name))
                    .handle((done, failure) -> failure == null ? "" : failure.toString());
        } catch (IOException | IllegalArgumentException e) {
            return CompletableFuture.completedFuture(e.toString());
        }
    }

    private void rebooted(RebootNotice notice) {
        Set<Endpoint> concerned = new HashSet<>();
        synchronized (this) {
            monitored.forEach(
                    (connection, hosts) -> {
                        if (hosts.contains(notice.address())) {
                            concerned.add(connection);
                        }
                    });
        }
        concerned.forEach(
                connection ->
                        tell(
                                connection,
                                RelayProtocol.REBOOTED,
                                new RelayProtocol.Reboot(notice.address(), notice.newState())));
    }

    @Override
    public CompletionStage<NlmStatus> granted(Sender sender, TestArgs grant) {
        Optional<Endpoint> waiting =
                Expectations.Grant.of(sender.server(), grant, sender.version())
                        .flatMap(expectations::find);
        if (waiting.isEmpty()) {
            return CompletableFuture.completedFuture(NlmStatus.DENIED);
        }
        return client.callOn(
                        waiting.get(),
                        peer(waiting.get()),
                        RelayProtocol.GRANTED,
                        new Forwarded<>(sender, grant),
                        options)
                .exceptionally(failure -> NlmStatus.DENIED);
    }

    @Override
    public void testAnswered(Sender sender, TestReply reply) {
        answered(sender, reply.cookie(), RelayProtocol.TEST_RESULT, reply);
    }

    @Override
    public void lockAnswered(Sender sender, StatusReply reply) {
        statusAnswered(sender, reply);
    }

    @Override
    public void cancelAnswered(Sender sender, StatusReply reply) {
        statusAnswered(sender, reply);
    }

    @Override
    public void unlockAnswered(Sender sender, StatusReply reply) {
        statusAnswered(sender, reply);
    }

    private void statusAnswered(Sender sender, StatusReply reply) {
        answered(sender, reply.cookie(), RelayProtocol.STATUS_RESULT, reply);
    }

    private <R> void answered(
            Sender sender, Opaque cookie, Procedure<Forwarded<R>, Nothing> procedure, R reply) {
        expectations
                .find(Expectations.Result.of(sender.server(), cookie))
                .ifPresent(
                        connection -> tell(connection, procedure, new Forwarded<>(sender, reply)));
    }

    private <A> void tell(Endpoint connection, Procedure<A, Nothing> procedure, A arguments) {
        var unused =
                client.sendOn(connection, peer(connection), procedure, arguments, options)
                        .exceptionally(
                                failure -> {
                                    LOG.debug(
                                            "{} was not passed on: {}", procedure.name(), failure);
                                    return null;
                                });
    }

    private static SocketAddress peer(Endpoint connection) {
        return connection.peer().orElseGet(connection::localAddress);
    }

    /** Ends the monitoring; connections are the server's. */
    @Override
    public void close() {
        var unused = monitor.close();
    }
}
