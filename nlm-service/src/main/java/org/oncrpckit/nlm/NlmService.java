package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.oncrpckit.lock.LockCounts;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.reclaim.ReclaimJournal;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * A network lock manager: program 100021 versions 1, 3 and 4, and the locks of this host itself.
 *
 * <p>The owner adds {@link #program} to a server, attaches the server's UDP endpoints to the client
 * (then call-backs leave from the port that is listened on), registers the program with rpcbind,
 * and only then lets the status monitor tell the former clients of the restart. Thread-safe.
 */
public final class NlmService implements AutoCloseable {
    private final LockDesk desk;
    private final Grants grants;
    private final HostRegistry hosts;
    private final GracePeriod grace;
    private final LocalLocks local;
    private final LockListing listing;
    private final ReleaseByHand release;
    private final Events events;
    private final RpcProgram program;
    private final ReclaimJournal reclaims;

    private NlmService(Builder builder) {
        RpcPlatform platform = builder.platform;
        NlmLimits limits = builder.limits;
        events = new Events(builder.listener);
        reclaims = builder.reclaims;
        desk = new LockDesk(table(limits), reclaims);
        grace = new GracePeriod(platform.timers(), events);
        CallbackPorts ports =
                new CallbackPorts(builder.rpcbind, platform.timers(), builder.callbackTransport);
        grants =
                new Grants(
                        desk,
                        platform,
                        ports,
                        new GrantedCall(builder.client, builder.grantedByCall),
                        limits.callbacksPerHostMax(),
                        events);
        hosts = new HostRegistry(desk, grants, limits, builder.aliases, platform.timers(), events);
        KeptPlaces places = new KeptPlaces(desk, hosts, grants, platform.timers());
        local =
                new LocalLocks(
                        desk,
                        grace,
                        places,
                        platform.timers(),
                        (int) Math.min(Integer.MAX_VALUE, limits.waitersMax()));
        listing = new LockListing(desk, hosts, local, platform.timers());
        release = new ReleaseByHand(desk, hosts, local);
        HostMonitor monitor = builder.monitor.open(hosts);
        LockSteps steps =
                new LockSteps(
                        desk,
                        hosts,
                        grants,
                        places,
                        limits,
                        grace,
                        reclaims,
                        platform.timers(),
                        events);
        Admission admission = new Admission(desk, hosts, monitor, builder.localName, steps, events);
        FileHandles handles = new FileHandles(builder.resolver);
        RemoteOwners owners = new RemoteOwners();
        LockOperations operations =
                new LockOperations(
                        desk, hosts, handles, owners, grace, admission, grants, steps, places);
        ShareOperations shares =
                new ShareOperations(
                        desk,
                        hosts,
                        handles,
                        owners,
                        grace,
                        admission,
                        steps,
                        platform.timers(),
                        events);
        program =
                new NlmProgram(
                                operations,
                                shares,
                                builder.clientRole,
                                builder.statusCallBack,
                                new ResultSender(builder.client, ports, events),
                                events)
                        .table();
        grace.begin(builder.grace, formerClients(builder));
        grace.whenOver(reclaims::graceOver);
        hosts.start(monitor, local);
    }

    private static LockTable table(NlmLimits limits) {
        return LockTable.builder()
                .heldMax(limits.locksMax())
                .waitingMax(limits.waitersMax())
                .build();
    }

    private static List<HostAddress> formerClients(Builder builder) {
        return builder.monitor.formerlyMonitored().stream()
                .map(host -> HostAddress.of(host.address()))
                .map(builder.aliases::identity)
                .distinct()
                .toList();
    }

    /**
     * Starts to build a lock manager.
     *
     * @param platform network, time and randomness
     * @param client carries call-backs
     * @param rpcbind finds the clients' own lock managers
     * @param monitor remembers the clients
     */
    public static Builder builder(
            RpcPlatform platform, RpcClient client, RpcbindClient rpcbind, StatusMonitor monitor) {
        return new Builder(platform, client, rpcbind, monitor);
    }

    /** What to add to a server, over UDP and TCP, on every service address. */
    public RpcProgram program() {
        return program;
    }

    /** Locks of this host. */
    public LocalLocks local() {
        return local;
    }

    /** What is in the lock table, for people. */
    public LockListing listing() {
        return listing;
    }

    /** The time in which locks can only be reclaimed; it began with the service, if at all. */
    public GracePeriod grace() {
        return grace;
    }

    /** "verify", or "trust" and why: what becomes of reclaims, for an operator. */
    public String reclaims() {
        return reclaims.mode();
    }

    /** How much there is now. Walks through the hosts: not for every second. */
    public NlmCounts counts() {
        LockCounts all = desk.table().counts(Scope.everything());
        int unacknowledged = 0;
        int unconfirmed = 0;
        for (ClientHost each : hosts.all()) {
            unacknowledged += desk.read(each, state -> state.unacknowledged.size());
            unconfirmed += desk.read(each, state -> state.unconfirmed());
        }
        return new NlmCounts(
                all.held(), all.waiting(), all.shares(), hosts.size(), unacknowledged, unconfirmed);
    }

    /** What has been done since the start. */
    public NlmStatistics statistics() {
        return events.statistics();
    }

    /** Frees what an operator says must be free. */
    public ReleaseByHand release() {
        return release;
    }

    /**
     * Stops calling back, and ends local requests with CANCELLED. What clients hold is forgotten
     * with this object, but they stay remembered by the status monitor, so that they can reclaim it
     * from the next one. To be called when the server takes no more calls.
     */
    @Override
    public void close() {
        grants.close();
        reclaims.close(); // Before the end of grace, which is not the clients' fault.
        grace.end();
        hosts.close();
        local.close();
    }

    /** Collects the settings of a lock manager. Not thread-safe. */
    public static final class Builder {
        /** The default of {@link #grace}. */
        public static final Duration GRACE_DEFAULT = Duration.ofSeconds(45);

        private static final Duration GRACE_MAX = Duration.ofHours(1);

        private final RpcPlatform platform;
        private final RpcClient client;
        private final RpcbindClient rpcbind;
        private final StatusMonitor monitor;
        private NlmLimits limits = NlmLimits.DEFAULT;
        private HostAliases aliases = HostAliases.NONE;
        private NlmListener listener = NlmListener.NONE;
        private FileHandleResolver resolver = FileHandleResolver.opaque();
        private CallbackTransport callbackTransport = CallbackTransport.SAME;
        private Set<InetAddress> grantedByCall = Set.of();
        private ClientRole clientRole = ClientRole.NONE;
        private StatusCallBack statusCallBack = StatusCallBack.NONE;
        private HostName localName = HostName.of("localhost");
        private ReclaimJournal reclaims = ReclaimJournal.trust();
        private Duration grace = GRACE_DEFAULT;

        private Builder(
                RpcPlatform platform,
                RpcClient client,
                RpcbindClient rpcbind,
                StatusMonitor monitor) {
            this.platform = Objects.requireNonNull(platform, "platform");
            this.client = Objects.requireNonNull(client, "client");
            this.rpcbind = Objects.requireNonNull(rpcbind, "rpcbind");
            this.monitor = Objects.requireNonNull(monitor, "monitor");
        }

        /** How much it takes on; default {@link NlmLimits#DEFAULT}. */
        public Builder limits(NlmLimits value) {
            limits = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Which addresses are one client host's; default {@link HostAliases#NONE}. */
        public Builder aliases(HostAliases value) {
            aliases = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Who hears what happens; default nobody. */
        public Builder listener(NlmListener value) {
            listener = Objects.requireNonNull(value, "value");
            return this;
        }

        /** What handles mean; default {@link FileHandleResolver#opaque}. */
        public Builder resolver(FileHandleResolver value) {
            resolver = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Over what clients are called back; default {@link CallbackTransport#SAME}. */
        public Builder callbackTransport(CallbackTransport value) {
            callbackTransport = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Clients that are told of their locks by the procedure GRANTED, whose reply is their
         * answer; all others by GRANTED_MSG, which they answer by GRANTED_RES. Default nobody.
         */
        public Builder grantedByCall(Collection<InetAddress> clients) {
            grantedByCall = Set.copyOf(clients);
            return this;
        }

        /** Who gets what comes for lock clients on this host; default {@link ClientRole#NONE}. */
        public Builder clientRole(ClientRole value) {
            clientRole = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Who hears the call-backs of another status monitor on this host; default {@link
         * StatusCallBack#NONE}.
         */
        public Builder statusCallBack(StatusCallBack value) {
            statusCallBack = Objects.requireNonNull(value, "value");
            return this;
        }

        /** What this host calls itself in restart notices; default "localhost". */
        public Builder localName(HostName value) {
            localName = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * How long locks can only be reclaimed after a restart, 0 s to 1 h; default 45 s. There is
         * no such time when the status monitor had nobody to notify.
         */
        public Builder grace(Duration value) {
            if (value.isNegative() || value.compareTo(GRACE_MAX) > 0) {
                throw new IllegalArgumentException(
                        "grace period of " + value.toSeconds() + " s (expected: 0 to 3600)");
            }
            grace = value;
            return this;
        }

        /**
         * What says, within the grace period, which reclaims are true; closed with the lock
         * manager; default {@link ReclaimJournal#trust}.
         */
        public Builder reclaims(ReclaimJournal value) {
            reclaims = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Builds it; the grace period, if there is one, begins now. */
        public NlmService build() {
            return new NlmService(this);
        }
    }
}
