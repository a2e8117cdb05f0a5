package org.oncrpckit.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * The status monitor of this host: program 100024 version 1 (XNFS chapter 11), inside the process
 * of the services that need it.
 *
 * <p>Opening it takes a new state number and the list of the hosts that were monitored before; both
 * are durable then. The owner adds {@link #program} to its server, and once endpoints serve it,
 * calls {@link #notifyFormerHosts}. Thread-safe.
 */
public final class NsmService implements AutoCloseable {
    /** Most hosts that can be monitored at once. */
    public static final int HOSTS_MAX = 100_000;

    /** How long {@link #close} waits for the store. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final @Nullable ExecutorService ownExecutor;
    private final StoreWorker worker;
    private final int state;
    private final List<HostRecord> former;
    private final boolean wasBoot;
    private final MonitoredHosts hosts;
    private final CallBackCaller callBackCaller;
    private final Notifier notifier;
    private final RpcProgram program;
    private final Notices notices;
    private final AtomicBoolean notifying = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private NsmService(Builder builder, NsmStore store) throws IOException {
        state = store.nextState();
        former = store.retire();
        wasBoot = store.wasBoot();
        Executor executor = builder.storeExecutor;
        if (executor == null) {
            ExecutorService own = newStoreThread();
            executor = own;
            ownExecutor = own;
        } else {
            ownExecutor = null;
        }
        worker = new StoreWorker(store, executor, builder.platform.timers(), former, store.kept());
        worker.begin();
        hosts = new MonitoredHosts(worker, builder.hostsMax, state);
        callBackCaller =
                new CallBackCaller(
                        builder.platform.timers(),
                        builder.client,
                        builder.rpcbind,
                        InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}));
        notifier =
                new Notifier(
                        builder.platform.timers(),
                        worker,
                        builder.notifyLimits,
                        builder.comingBack,
                        former);
        notices =
                new Notices(builder.platform, builder.client, builder.rpcbind, builder.serverName);
        program =
                new MonitorProgram(
                                hosts,
                                new NoticeFilter(builder.platform.timers(), builder.hostsMax),
                                callBackCaller,
                                builder.resolver,
                                builder.callBacksAllowed,
                                builder.simulatedCrash,
                                state)
                        .table();
    }

    /**
     * Starts a monitor.
     *
     * @param platform network and time
     * @param client sends the notices; a UDP endpoint attached to it sends those from its address
     * @param rpcbind finds the monitors of other hosts
     */
    public static Builder builder(RpcPlatform platform, RpcClient client, RpcbindClient rpcbind) {
        return new Builder(platform, client, rpcbind);
    }

    /** What to add to a server: over UDP and TCP, on every service address and loopback. */
    public RpcProgram program() {
        return program;
    }

    /** State number of this host since the monitor was opened: odd, never used before. */
    public int state() {
        return state;
    }

    /**
     * The monitor as one service inside this process sees it.
     *
     * @param serviceName for messages
     * @param listener hears of the restarts of the hosts that this service monitors
     */
    public HostMonitor monitorFor(String serviceName, RebootListener listener) {
        return hosts.open(serviceName, listener);
    }

    /** How many hosts are monitored now. */
    public int monitoredHosts() {
        return hosts.count();
    }

    /**
     * The hosts that were monitored before this start, those not reached after earlier starts and
     * those that may be on their way back included, and how far their notices are. When there is
     * none, nobody can have anything to reclaim.
     */
    public List<FormerHost> formerlyMonitored() {
        return notifier.hosts();
    }

    /** How far the notices are, in numbers. */
    public NotifyProgress notifyProgress() {
        return notifier.progress();
    }

    /**
     * Tells the formerly monitored hosts that this host has restarted. To be called once, when the
     * services are ready to be asked: a host that hears of it comes back at once. The stage
     * completes, never exceptionally, when each of them has answered or was given up, at the latest
     * after the time that the limits give each host, or when this monitor is closed.
     *
     * @throws IllegalStateException when called again
     */
    public CompletionStage<Void> notifyFormerHosts() {
        beginOnce();
        return notifier.start(notices.of(former, state));
    }

    /**
     * Leaves it to the host's own status monitor to tell the formerly monitored hosts: they count
     * as told. In place of {@link #notifyFormerHosts}.
     *
     * @throws IllegalStateException when they are being notified already
     */
    public CompletionStage<Void> leaveFormerHosts() {
        beginOnce();
        return notifier.leave();
    }

    private void beginOnce() {
        if (!notifying.compareAndSet(false, true)) {
            throw new IllegalStateException("the former hosts are being notified already");
        }
    }

    /**
     * Whether the whole host has restarted since the start before this one, and not this process
     * alone; what cannot be told counts as the whole host.
     */
    public boolean wasBoot() {
        return wasBoot;
    }

    /**
     * Stops notifying, finishes what the store has begun, closes the store. Idempotent. Not for the
     * thread that the store's work runs on, for which this waits.
     *
     * @throws IOException when the store fails, or takes longer than 10 s: it is closed then as
     *     soon as it has finished, and what it does not finish is left to its journal
     */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        notifier.close();
        callBackCaller.close();
        // Behind what waits there: one thread at a time uses the store, to its end.
        Future<Void> storeClosed = worker.close();
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
        try {
            storeClosed.get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(
                    "the store has not finished within "
                            + CLOSE_LIMIT.toSeconds()
                            + " s; what is in its journal is finished by the next start",
                    e);
        }
    }

    private static ExecutorService newStoreThread() {
        return Executors.newSingleThreadExecutor(
                task -> {
                    Thread thread = new Thread(task, "nsm-store");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Makes the notices from the records: from which address, with which name. */
    private record Notices(
            RpcPlatform platform, RpcClient client, RpcbindClient rpcbind, HostName serverName) {
        List<HostNotice> of(List<HostRecord> records, int state) {
            Set<InetAddress> local = localAddresses();
            List<HostNotice> notices = new ArrayList<>();
            for (HostRecord record : records) {
                for (Contact each : record.contacts()) {
                    if (each.told()) {
                        continue; // By the start before this one; it is on its way back.
                    }
                    // An address that has moved to another host cannot be a source here.
                    InetAddress source =
                            local.contains(each.localAddress()) ? each.localAddress() : null;
                    notices.add(
                            new HostNotice(
                                    client,
                                    rpcbind,
                                    record.address(),
                                    each,
                                    source,
                                    serverName,
                                    state));
                }
            }
            return notices;
        }

        private Set<InetAddress> localAddresses() {
            try {
                return new HashSet<>(platform.network().localAddresses());
            } catch (IOException e) {
                return Set.of();
            }
        }
    }

    /** Collects the settings of a monitor. Not thread-safe. */
    public static final class Builder {
        private final RpcPlatform platform;
        private final RpcClient client;
        private final RpcbindClient rpcbind;
        private final Set<MonitorProgram.ServiceProcedure> callBacksAllowed = new HashSet<>();
        private HostName serverName = HostName.of("localhost");
        private NameResolver resolver = NameResolver.LITERALS;
        private NotifyLimits notifyLimits = NotifyLimits.DEFAULT;
        private Duration comingBack = Duration.ZERO;
        private Runnable simulatedCrash = () -> {};
        private int hostsMax = HOSTS_MAX;
        private @Nullable Executor storeExecutor;

        private Builder(RpcPlatform platform, RpcClient client, RpcbindClient rpcbind) {
            this.platform = Objects.requireNonNull(platform, "platform");
            this.client = Objects.requireNonNull(client, "client");
            this.rpcbind = Objects.requireNonNull(rpcbind, "rpcbind");
        }

        /** What this host is called where a record does not say; default "localhost". */
        public Builder serverName(HostName name) {
            serverName = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Lets services outside this process, on this host, be called back at this procedure; by
         * default there is none, and SM_MON is refused.
         */
        public Builder allowCallBack(int programNumber, int procedure) {
            callBacksAllowed.add(new MonitorProgram.ServiceProcedure(programNumber, procedure));
            return this;
        }

        /** How SM_MON's names are resolved; default {@link NameResolver#LITERALS}. */
        public Builder resolver(NameResolver nameResolver) {
            resolver = Objects.requireNonNull(nameResolver, "nameResolver");
            return this;
        }

        /** How hosts are notified; default {@link NotifyLimits#DEFAULT}. */
        public Builder notifyLimits(NotifyLimits limits) {
            notifyLimits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * How long hosts that have been told of a restart may take to come back, which is the grace
         * period of a lock manager. Should this monitor restart within that time, they are {@link
         * NsmService#formerlyMonitored} once more, without another notice. Default zero, as with
         * rpc.statd: then whoever is restarted twice at once does not know of those that have been
         * told and have not reclaimed anything yet.
         */
        public Builder comingBack(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException(time + " (expected: zero or more)");
            }
            comingBack = time;
            return this;
        }

        /** What SM_SIMU_CRASH does, on an I/O thread: it must not block. Default: nothing. */
        public Builder simulatedCrash(Runnable action) {
            simulatedCrash = Objects.requireNonNull(action, "action");
            return this;
        }

        /** Most hosts monitored at once, 1 or more; default {@link #HOSTS_MAX}. */
        public Builder hostsMax(int max) {
            if (max < 1) {
                throw new IllegalArgumentException(max + " hosts (expected: 1 or more)");
            }
            hostsMax = max;
            return this;
        }

        /**
         * Where the disk work runs, one task at a time, the end of the store included; default a
         * thread of the monitor's own. A simulation runs it at once.
         */
        public Builder storeExecutor(Executor executor) {
            storeExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Takes the next state number and the list of former hosts. Blocks on the disk. The monitor
         * closes the store; when this fails, that is left to the caller.
         *
         * @throws IOException when the store cannot be read or written
         */
        public NsmService open(NsmStore store) throws IOException {
            return new NsmService(this, Objects.requireNonNull(store, "store"));
        }
    }
}
