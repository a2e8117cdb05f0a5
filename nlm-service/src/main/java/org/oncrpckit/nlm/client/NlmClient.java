package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.admin.NlmdStateFolder;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nsm.NodeName;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Opaque;

/**
 * Locks files at any NFS server's lock manager (versions 4, 3 or 1), for any number of owners and
 * servers, from any number of threads.
 *
 * <pre>{@code
 * try (NlmClient client = NlmClient.builder(platform).build()) {
 *     NlmLock lock = new NlmLock(NlmServer.tcp(address), handle, client.newOwner(),
 *             LockRange.ALL, LockMode.EXCLUSIVE);
 *     if (client.lockAndWait(lock, Duration.ofMinutes(1)) instanceof LockAnswer.Granted) {
 *         ...
 *         client.unlockAndWait(lock);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Waiting.</b> A server brings the grant by calling this host back; the client asks again,
 * after 5 s at first and every 30 s in the end, in case that call is lost or cannot reach us. Calls
 * of one owner about one file leave one after the other.
 *
 * <p><b>Call-backs</b> arrive through the lock manager daemon of this host where one runs (see
 * {@link Builder#relay}), otherwise at a port of the client's own, which servers find if rpcbind
 * lets the client register it.
 *
 * <p><b>Restarts.</b> When a server restarts, every lock on it is reclaimed with its own mode, and
 * the {@link LockListener} hears what became of it. The news comes from the daemon, from the {@link
 * Builder#statusMonitor}, or from whoever calls {@link #serverRebooted}.
 *
 * <p><b>Failures.</b> Every request ends within its time limit. One that fails while the server may
 * have done it is given back in the background, for up to ten minutes, unless the owner had locks
 * on the same bytes; further requests of that owner on that file wait behind it.
 *
 * <p>Thread-safe. Futures complete on I/O and timer threads: what depends on them must not block.
 */
public final class NlmClient implements AutoCloseable {
    /** Longest time limit of a request. */
    public static final Duration LIMIT_MAX = Duration.ofDays(366);

    /** How long {@link #close} waits for servers that do not answer. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    /** In this range neither kernels nor short-lived processes number their owners. */
    private static final int OWNERS_FROM = 0x4000_0000;

    private final RpcClient rpc;
    private final Timers timers;
    private final ClientCore core;
    private final ClientIdentity identity;
    private final PathChoice path;
    private final Duration answerLimit;
    private final Closing closing;
    private final int firstOwner;
    private final AtomicInteger owners = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** What happens to locks that are held when the client is closed. */
    public enum Closing {
        /** They are given back, and waiting requests are cancelled. */
        RELEASE,
        /** They stay locked until this host restarts or an operator releases them. */
        LEAVE
    }

    private NlmClient(Builder builder) {
        RpcPlatform platform = builder.platform;
        timers = platform.timers();
        rpc = RpcClient.builder(platform).localPorts(builder.localPorts).build();
        answerLimit = builder.answerLimit;
        closing = builder.closing;
        identity =
                new ClientIdentity(
                        builder.callerName,
                        0,
                        builder.credential.orElseGet(
                                () -> ProcessCredential.of(builder.callerName)));
        ChosenPath chosen = new ChosenPath();
        ServerBook book = new ServerBook(new RpcbindClient(rpc), timers, builder.versions);
        OneWayCalls oneWay = new OneWayCalls(rpc, () -> chosen);
        ServerCalls calls = new ServerCalls(rpc, book, oneWay, identity, builder.style);
        core = new ClientCore(calls, oneWay, chosen, builder.listener, builder.limits);
        firstOwner = OWNERS_FROM | (platform.random().nextInt() & (OWNERS_FROM - 1));
        path =
                new PathChoice(
                        rpc,
                        book,
                        core,
                        identity,
                        chosen,
                        new PathChoice.Wishes(
                                builder.relay,
                                builder.callerName,
                                builder.monitor,
                                builder.callBackPort,
                                builder.rpcbind));
        path.begin();
    }

    /** Starts the settings of a client. */
    public static Builder builder(RpcPlatform platform) {
        return new Builder(platform);
    }

    /**
     * An owner that no other one on this host is likely to be taken for: its number is drawn by lot
     * from the upper half of the positive ones.
     */
    public NlmOwner newOwner() {
        int number = OWNERS_FROM | ((firstOwner + owners.getAndIncrement()) & (OWNERS_FROM - 1));
        return new NlmOwner(number, Opaque.ofUtf8(number + "@" + identity.callerName()));
    }

    /**
     * Asks for a lock and waits for it.
     *
     * @param limit how long to wait, up to {@link #LIMIT_MAX}; then the request is given up as by
     *     {@link LockWait#cancel}, which may take 30 s more
     */
    public LockWait lock(NlmLock lock, Duration limit) {
        return core.lock(Objects.requireNonNull(lock, "lock"), checked(limit));
    }

    /** Asks for a lock without waiting for others: Granted, Denied, Deadlock or Refused. */
    public CompletableFuture<LockAnswer> tryLock(NlmLock lock) {
        return core.tryLock(Objects.requireNonNull(lock, "lock"), answerLimit);
    }

    /** Asks who is in the way of a lock. */
    public CompletableFuture<LockAnswer.Test> test(NlmLock lock) {
        return core.test(Objects.requireNonNull(lock, "lock"), answerLimit);
    }

    /**
     * Gives bytes back, whether or not they are locked; the mode does not matter. When it fails the
     * client goes on trying, for up to ten minutes.
     */
    public CompletableFuture<Void> unlock(NlmLock lock) {
        return core.unlock(Objects.requireNonNull(lock, "lock"), answerLimit);
    }

    /**
     * As {@link #lock}, and waits. Not for I/O threads.
     *
     * @throws NlmClientException when the server does not answer
     * @throws InterruptedException when interrupted; the request is cancelled, and what was granted
     *     all the same is given back
     */
    public LockAnswer lockAndWait(NlmLock lock, Duration limit)
            throws NlmClientException, InterruptedException {
        LockWait wait = lock(lock, limit);
        try {
            return Blocking.on(wait.answer());
        } catch (InterruptedException e) {
            var unused =
                    wait.cancel()
                            .thenAccept(
                                    answer -> {
                                        if (answer instanceof LockAnswer.Granted) {
                                            var unusedRelease = unlock(lock);
                                        }
                                    });
            throw e;
        }
    }

    /**
     * As {@link #tryLock}. Not for I/O threads.
     *
     * @throws NlmClientException when the server does not answer
     */
    public LockAnswer tryLockAndWait(NlmLock lock) throws NlmClientException, InterruptedException {
        return Blocking.on(tryLock(lock));
    }

    /**
     * As {@link #test}. Not for I/O threads.
     *
     * @throws NlmClientException when the server does not answer
     */
    public LockAnswer.Test testAndWait(NlmLock lock)
            throws NlmClientException, InterruptedException {
        return Blocking.on(test(lock));
    }

    /**
     * As {@link #unlock}. Not for I/O threads.
     *
     * @throws NlmClientException when the server does not confirm
     */
    public void unlockAndWait(NlmLock lock) throws NlmClientException, InterruptedException {
        Blocking.on(unlock(lock));
    }

    /**
     * Tells the client that a server has restarted, where no status monitor does.
     *
     * @param state the server's state number: odd when it is up. The same number a second time is
     *     ignored
     */
    public void serverRebooted(InetAddress server, int state) {
        core.serverRebooted(Objects.requireNonNull(server, "server"), state);
    }

    /** What is held now, coalesced, as it would be reclaimed. */
    public List<NlmLock> held() {
        return core.heldNow();
    }

    /** How many requests wait now. */
    public int waiting() {
        return core.waitingNow();
    }

    /**
     * Ends the client: at once, or when what it holds has been given back and the servers have
     * confirmed, for at most ten seconds (see {@link Builder#onClose}). Whatever is still asked for
     * fails with {@link ClientClosedException}. Idempotent.
     *
     * @return completes, never exceptionally, when everything is closed
     */
    public CompletionStage<Void> closeAsync() {
        if (!closed.compareAndSet(false, true)) {
            return ended.copy();
        }
        if (closing == Closing.LEAVE) {
            end();
        } else {
            Timers.Timer limit = timers.schedule(CLOSE_LIMIT, this::end);
            var unused =
                    core.releaseAll()
                            .thenRun(
                                    () -> {
                                        if (limit.cancel()) {
                                            end();
                                        }
                                    });
        }
        return ended.copy();
    }

    private void end() {
        core.abandonAll();
        var unused =
                path.close()
                        .thenRun(
                                () -> {
                                    rpc.close();
                                    ended.complete(null);
                                });
    }

    /** As {@link #closeAsync}, and waits for the end. Not for I/O threads. */
    @Override
    public void close() {
        closeAsync().toCompletableFuture().join();
    }

    private static Duration checked(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(LIMIT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "time limit " + limit + " (expected: positive, at most " + LIMIT_MAX + ")");
        }
        return limit;
    }

    /** Collects the settings of a client. Not thread-safe. */
    public static final class Builder {
        private static final Duration ANSWER_LIMIT_DEFAULT = Duration.ofSeconds(60);

        private final RpcPlatform platform;
        private HostName callerName = NodeName.get();
        private Optional<OpaqueAuth> credential = Optional.empty();
        private Optional<StatusMonitor> monitor = Optional.empty();
        private PortPolicy localPorts = PortPolicy.ephemeral();
        private CallStyle style = CallStyle.SYNCHRONOUS;
        private Set<NlmVersion> versions = Set.copyOf(NlmVersion.all());
        private LockListener listener = LockListener.NONE;
        private NlmClientLimits limits = NlmClientLimits.DEFAULT;
        private Duration answerLimit = ANSWER_LIMIT_DEFAULT;
        private Closing closing = Closing.RELEASE;
        private RpcbindMode rpcbind = RpcbindMode.AUTO;
        private Optional<Path> relay =
                Optional.of(NlmdStateFolder.controlSocket(NlmdStateFolder.defaultPlace()));
        private int callBackPort;

        private Builder(RpcPlatform platform) {
            this.platform = Objects.requireNonNull(platform, "platform");
        }

        /** What this host calls itself; its node name unless set, or what the daemon says. */
        public Builder callerName(HostName name) {
            callerName = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Sent with each call; AUTH_SYS for the user of this process unless set. */
        public Builder credential(OpaqueAuth value) {
            credential = Optional.of(value);
            return this;
        }

        /**
         * Local ports to call from; ephemeral unless set. Many servers lock for privileged ones
         * only.
         */
        public Builder localPorts(PortPolicy ports) {
            localPorts = Objects.requireNonNull(ports, "ports");
            return this;
        }

        /** The shape of calls; {@link CallStyle#SYNCHRONOUS} unless set. */
        public Builder style(CallStyle value) {
            style = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Versions of the protocol that may be spoken; all unless set. A server is asked in the
         * highest one that it has too. Handles of NFS version 2 are for versions 1 and 3.
         *
         * @throws IllegalArgumentException for none
         */
        public Builder versions(Set<NlmVersion> those) {
            if (those.isEmpty()) {
                throw new IllegalArgumentException("no version (expected: at least one)");
            }
            versions = Set.copyOf(those);
            return this;
        }

        /** Who hears of restarts and lost locks; nobody unless set. */
        public Builder listener(LockListener value) {
            listener = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Notices restarts of servers, where no daemon does; none unless set. */
        public Builder statusMonitor(StatusMonitor value) {
            monitor = Optional.of(value);
            return this;
        }

        /**
         * How long requests that do not wait for others may take, grace periods included; 60 s
         * unless set.
         */
        public Builder answerLimit(Duration limit) {
            answerLimit = checked(limit);
            return this;
        }

        /**
         * How much the client takes on; a million ranges and 100,000 waiting requests unless set.
         */
        public Builder limits(long locks, int waits) {
            limits = new NlmClientLimits(locks, waits);
            return this;
        }

        /** What happens to locks at the end; {@link Closing#RELEASE} unless set. */
        public Builder onClose(Closing value) {
            closing = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Whether a call-back port of the client's own is registered; {@link RpcbindMode#AUTO}
         * unless set. What rpcbind refuses is logged, and the client asks servers again and again
         * instead.
         */
        public Builder rpcbind(RpcbindMode mode) {
            rpcbind = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * The control socket of this host's daemon, which brings grants and news of restarts where
         * it runs; that of {@link NlmdStateFolder#defaultPlace} unless set. While nobody answers
         * there, the client has a call-back port of its own.
         */
        public Builder relay(Path socket) {
            relay = Optional.of(socket);
            return this;
        }

        /** Does not look for a daemon. */
        public Builder withoutRelay() {
            relay = Optional.empty();
            return this;
        }

        /** Number of a call-back port of the client's own, 0 (the default) for a free one. */
        public Builder callBackPort(int port) {
            callBackPort = port;
            return this;
        }

        /**
         * The client. It does not wait for anything: what it needs to know it finds out by itself.
         */
        public NlmClient build() {
            return new NlmClient(this);
        }
    }
}
