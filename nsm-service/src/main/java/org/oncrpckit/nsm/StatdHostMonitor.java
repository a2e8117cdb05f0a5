package org.oncrpckit.nsm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.HostStatus;
import org.oncrpckit.nsm.protocol.MonId;
import org.oncrpckit.nsm.protocol.MonRequest;
import org.oncrpckit.nsm.protocol.MyId;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StatResult;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.PortCache;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status monitor that this host has already, such as rpc.statd, for the services in this
 * process (XNFS chapter 11): a host is monitored once SM_MON over loopback was agreed to and this
 * process's own store has the host as well. The latter is what tells a restart of this process, of
 * which rpc.statd knows nothing, from a first start.
 *
 * <p>To rpc.statd they are all one, for they share a program. So a host is asked for once, and
 * given up (SM_UNMON) when the last service has lost its interest.
 *
 * <p>Restarts of hosts arrive as call-backs at the program, which hands them to {@link
 * #stateChanged}; each service hears of the hosts that it wants. Where rpc.statd does not run,
 * hangs or refuses, {@link HostMonitor#monitor} fails and says which; the next call tries again. A
 * restart of rpc.statd needs nothing: it keeps what it was asked for, and its new port is looked
 * up. Thread-safe; nothing here blocks.
 */
public final class StatdHostMonitor {
    /** How long each step (asking rpcbind, asking rpc.statd) may take. */
    public static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    /**
     * How often it is asked for one host; before each try after the first, the port is forgotten.
     */
    static final int ATTEMPTS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(StatdHostMonitor.class);
    private static final RateLimitedLog UNKNOWN = new RateLimitedLog(LOG);
    private static final RateLimitedLog RESTARTED = new RateLimitedLog(LOG);
    private static final CallOptions OPTIONS = CallOptions.DEFAULT.withTimeLimit(ANSWER_LIMIT);

    private final RpcClient client;
    private final PortCache ports;
    private final RandomGenerator random;
    private final ProgramVersion service;
    private final int procedure;
    private final HostMonitor own;
    private final InetAddress loopback;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<HostKey, Watched> watched = new HashMap<>();

    /** The same by what a call-back brings. */
    @GuardedBy("lock")
    private final Map<Opaque, Watched> byPriv = new HashMap<>();

    /**
     * Hosts that are being given up. One that is wanted again waits for that: its SM_MON must not
     * come before the SM_UNMON.
     */
    @GuardedBy("lock")
    private final Map<HostKey, CompletableFuture<Void>> ending = new HashMap<>();

    /** A host that rpc.statd has been asked to monitor. */
    private static final class Watched {
        private final InetAddress address;
        private final Opaque priv;

        /** What this host is called in the requests that were agreed to. */
        private final Set<HostName> agreed = new HashSet<>();

        /** Who wants it, and how many requests of each are under way. */
        private final Map<Service, Integer> interested = new HashMap<>();

        /** Completes when no request is under way. */
        private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);

        /** The last state that was called back. */
        private Optional<Integer> state = Optional.empty();

        Watched(InetAddress address, Opaque priv) {
            this.address = address;
            this.priv = priv;
        }
    }

    /**
     * A monitor that has not asked for anything yet.
     *
     * @param client calls rpc.statd
     * @param rpcbind finds it
     * @param service program and version of the service, registered with rpcbind over UDP
     * @param procedure its procedure for call-backs
     * @param own remembers the hosts for this process
     */
    public StatdHostMonitor(
            RpcPlatform platform,
            RpcClient client,
            RpcbindClient rpcbind,
            ProgramVersion service,
            int procedure,
            HostMonitor own) {
        this.client = Objects.requireNonNull(client, "client");
        this.ports = new PortCache(rpcbind, platform.timers());
        this.random = platform.random();
        this.service = Objects.requireNonNull(service, "service");
        this.procedure = procedure;
        this.own = Objects.requireNonNull(own, "own");
        try {
            loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    /**
     * Opens the monitor for a service inside this process.
     *
     * @param serviceName for the log
     * @param listener hears of the restarts of the hosts that this service wants
     */
    public HostMonitor monitorFor(String serviceName, RebootListener listener) {
        return new Service(new NamedListener(serviceName, listener));
    }

    /** Whether rpc.statd answers; fails with a {@link MonitorException} when it does not. */
    public CompletionStage<Void> check() {
        return ask(NsmProcedures.NULL, Nothing.NOTHING, 1).thenApply(nothing -> null);
    }

    private CompletionStage<Void> monitor(Service service, MonitoredHost host) {
        HostKey key = HostKey.of(host.address());
        Watched entry;
        boolean known;
        CompletableFuture<Void> asking = new CompletableFuture<>();
        synchronized (lock) {
            CompletableFuture<Void> end = ending.get(key);
            if (end != null) {
                return end.handle((nothing, failure) -> host)
                        .thenCompose(again -> monitor(service, again));
            }
            Watched before = watched.get(key);
            if (before == null && watched.size() >= NsmService.HOSTS_MAX) {
                return CompletableFuture.failedFuture(
                        MonitorException.tooManyHosts(host.address(), NsmService.HOSTS_MAX));
            }
            entry = before != null ? before : new Watched(host.address(), newPriv());
            watched.put(key, entry);
            // Before it is asked: it may call back before its answer is read.
            byPriv.put(entry.priv, entry);
            known = entry.agreed.contains(host.localName());
            entry.interested.merge(service, known ? 0 : 1, Integer::sum);
            if (!known) {
                entry.asked = CompletableFuture.allOf(entry.asked, asking);
            }
        }
        if (known) {
            return own.monitor(host);
        }
        MonRequest request = new MonRequest(id(entry, host.localName()), entry.priv);
        return ask(NsmProcedures.MON, request, 1)
                .thenCompose(result -> agreed(entry, host, result))
                .whenComplete(
                        (nothing, failure) -> {
                            asked(entry, service);
                            asking.complete(null);
                        });
    }

    /** A request of a service has ended; what nobody agreed to is not wanted after the last one. */
    private void asked(Watched entry, Service service) {
        synchronized (lock) {
            Integer left = entry.interested.computeIfPresent(service, (same, n) -> n - 1);
            if (left != null && left == 0 && entry.agreed.isEmpty()) {
                endInterest(entry, service);
            }
        }
    }

    private CompletionStage<Void> agreed(Watched entry, MonitoredHost host, StatResult result) {
        if (!result.agreed()) {
            return CompletableFuture.failedFuture(
                    new MonitorException(
                            "rpc.statd refuses to monitor "
                                    + host.address().getHostAddress()
                                    + "; its log says why",
                            null));
        }
        synchronized (lock) {
            entry.agreed.add(host.localName());
        }
        return own.monitor(host);
    }

    private CompletionStage<Void> unmonitor(Service service, InetAddress address) {
        HostKey key = HostKey.of(address);
        CompletableFuture<Void> end = new CompletableFuture<>();
        Watched ended;
        CompletableFuture<Void> asked;
        synchronized (lock) {
            Watched entry = watched.get(key);
            if (entry == null || !endInterest(entry, service)) {
                return CompletableFuture.completedFuture(null);
            }
            ended = entry;
            asked = entry.asked;
            ending.put(key, end);
        }
        // What is being asked for must be agreed to, or not, before it can be given up.
        var unused =
                asked.thenCompose(nothing -> giveUp(ended))
                        .thenCompose(nothing -> own.unmonitor(address))
                        .whenComplete((nothing, failure) -> ended(key, end, failure));
        return end;
    }

    private CompletableFuture<Void> giveUp(Watched ended) {
        List<MonId> ids;
        synchronized (lock) {
            ids = ended.agreed.stream().map(localName -> id(ended, localName)).toList();
        }
        CompletableFuture<?>[] all =
                ids.stream()
                        .map(id -> ask(NsmProcedures.UNMON, id, 1))
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all);
    }

    private void ended(HostKey key, CompletableFuture<Void> end, @Nullable Throwable failure) {
        synchronized (lock) {
            ending.remove(key, end);
        }
        if (failure == null) {
            end.complete(null);
        } else {
            end.completeExceptionally(failure);
        }
    }

    /** Whether this service was the last one that wanted the host, which is forgotten then. */
    @GuardedBy("lock")
    private boolean endInterest(Watched entry, Service service) {
        if (entry.interested.remove(service) == null || !entry.interested.isEmpty()) {
            return false;
        }
        byPriv.remove(entry.priv, entry);
        return watched.remove(HostKey.of(entry.address), entry);
    }

    private CompletionStage<Void> close(Service service) {
        List<InetAddress> addresses;
        synchronized (lock) {
            addresses =
                    watched.values().stream()
                            .filter(entry -> entry.interested.containsKey(service))
                            .map(entry -> entry.address)
                            .toList();
        }
        CompletableFuture<?>[] all =
                addresses.stream()
                        .map(address -> unmonitor(service, address).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all);
    }

    /**
     * rpc.statd calls back: a host has restarted. It is known by the private bytes, which nobody
     * else has seen; a call-back with others is one of an earlier life of this process, and of no
     * meaning, or forged.
     */
    public void stateChanged(HostStatus status) {
        InetAddress address;
        List<Service> services;
        synchronized (lock) {
            Watched entry = byPriv.get(status.priv());
            if (entry == null) {
                UNKNOWN.info("a call-back for {} is of no host monitored now", status.monName());
                return;
            }
            if (entry.state.equals(Optional.of(status.state()))) {
                return;
            }
            entry.state = Optional.of(status.state());
            address = entry.address;
            services = List.copyOf(entry.interested.keySet());
        }
        RESTARTED.info(
                "{} has restarted, rpc.statd says: state {}",
                address.getHostAddress(),
                status.state());
        RebootNotice notice = new RebootNotice(address, status.monName(), status.state());
        services.forEach(each -> each.listener.tell(notice));
    }

    private Opaque newPriv() {
        byte[] bytes = new byte[CallBack.PRIV_LENGTH];
        random.nextBytes(bytes);
        return Opaque.copyOf(bytes);
    }

    /** By its address, as Linux's lock daemon does: rpc.statd asks no name service for that. */
    private MonId id(Watched host, HostName localName) {
        return new MonId(
                HostName.of(host.address),
                new MyId(localName, service.program(), service.version(), procedure));
    }

    private <A, R> CompletableFuture<R> ask(Procedure<A, R> which, A arguments, int attempt) {
        CompletableFuture<R> reply =
                target().thenCompose(target -> client.call(target, which, arguments, OPTIONS));
        return reply.exceptionallyCompose(
                failure -> {
                    ports.invalidate(loopback);
                    return attempt < ATTEMPTS
                            ? ask(which, arguments, attempt + 1)
                            : CompletableFuture.failedFuture(unreachable(failure));
                });
    }

    private static MonitorException unreachable(Throwable failure) {
        Throwable cause = Failures.causeOf(failure);
        return cause instanceof MonitorException known
                ? known
                : new MonitorException(
                        "rpc.statd does not answer on this host: " + cause.getMessage(), cause);
    }

    /** TCP as Linux's lock daemon, UDP where there is no other. */
    private CompletableFuture<RpcTarget> target() {
        return target(Transport.TCP)
                .thenCompose(
                        tcp ->
                                tcp.isPresent()
                                        ? CompletableFuture.completedFuture(tcp)
                                        : target(Transport.UDP))
                .thenCompose(
                        found ->
                                found.map(CompletableFuture::completedFuture)
                                        .orElseGet(
                                                () ->
                                                        CompletableFuture.failedFuture(
                                                                notRegistered())));
    }

    private CompletableFuture<Optional<RpcTarget>> target(Transport transport) {
        return ports.lookUp(loopback, loopback, NsmProcedures.V1, transport, OPTIONS)
                .thenApply(port -> port.map(to -> new RpcTarget(transport, to, loopback)));
    }

    private static MonitorException notRegistered() {
        return new MonitorException(
                "no status monitor is registered on this host: start rpc.statd", null);
    }

    /** One service inside this process. */
    private final class Service implements HostMonitor {
        private final NamedListener listener;

        Service(NamedListener listener) {
            this.listener = listener;
        }

        @Override
        public CompletionStage<Void> monitor(MonitoredHost host) {
            return StatdHostMonitor.this.monitor(this, host);
        }

        @Override
        public CompletionStage<Void> unmonitor(InetAddress address) {
            return StatdHostMonitor.this.unmonitor(this, address);
        }

        @Override
        public int state() {
            return own.state();
        }

        @Override
        public CompletionStage<Void> close() {
            return StatdHostMonitor.this.close(this);
        }
    }
}
