package org.oncrpckit.rpc.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;

/**
 * What the client remembers of remote addresses: a bounded number, each until it has been idle for
 * {@link #REMEMBERED}. Lock-free but for the bins of the map.
 *
 * <p>A peer is retired and removed within one of the map's own atomic steps, and only while it is
 * not used. Whoever finds one without such a step counts itself as a user, unless it is retired;
 * then it looks again within a step. So no call ever gets a peer that has just been removed.
 */
final class PeerTable {
    /** How long an idle peer is remembered. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** How often idle peers are looked for. */
    static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

    /** A full table is searched for idle peers at most this often. */
    private static final long FULL_SWEEP_NANOS_MIN = Duration.ofSeconds(1).toNanos();

    /** An address with its scope, as {@link ScopedAddress}, and how it is called. */
    private record Key(
            Transport transport, SocketAddress remote, int scope, @Nullable ScopedAddress source) {
        static Key of(Transport transport, SocketAddress remote, @Nullable InetAddress source) {
            return new Key(
                    transport,
                    remote,
                    ScopedAddress.scopeOf(remote),
                    source == null ? null : ScopedAddress.of(source));
        }
    }

    private final ClientContext context;
    private final StreamConnector connector;
    private final ConcurrentMap<Key, Peer> peers = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final AtomicLong lastFullSweep;
    private volatile Timers.@Nullable Timer sweepTimer;
    private volatile boolean closed;

    PeerTable(ClientContext context, StreamConnector connector) {
        this.context = context;
        this.connector = connector;
        this.lastFullSweep = new AtomicLong(context.nanoTime() - FULL_SWEEP_NANOS_MIN);
    }

    /** The peer for calls over UDP, counted as used; null when the table is full. */
    @Nullable DatagramPeer acquire(InetSocketAddress remote) {
        Key key = Key.of(Transport.UDP, remote, null);
        Peer known = peers.get(key);
        // Nearly always; what may have to make a peer costs more.
        Peer found =
                known != null && known.use()
                        ? known
                        : acquire(key, () -> new DatagramPeer(context, remote));
        return (DatagramPeer) unlessClosed(found);
    }

    /** The peer for calls over connections, counted as used; null when the table is full. */
    @Nullable StreamPeer acquire(RpcTarget target) {
        Key key = Key.of(target.transport(), target.address(), target.source());
        Peer found = acquire(key, () -> new StreamPeer(context, target, connector));
        return (StreamPeer) unlessClosed(found);
    }

    /** What is known of an address; null when nothing is. */
    @Nullable DatagramPeer find(InetSocketAddress remote) {
        return (DatagramPeer) peers.get(Key.of(Transport.UDP, remote, null));
    }

    private @Nullable Peer unlessClosed(@Nullable Peer found) {
        if (found != null && closed) {
            found.close();
        }
        return found;
    }

    private @Nullable Peer acquire(Key key, Supplier<Peer> create) {
        Peer found = tryAcquire(key, create);
        if (found == null && mayEvict()) {
            sweep(0);
            found = tryAcquire(key, create);
        }
        return found;
    }

    private @Nullable Peer tryAcquire(Key key, Supplier<Peer> create) {
        Peer found =
                peers.compute(
                        key,
                        (k, known) -> {
                            Peer peer = known;
                            if (peer == null) {
                                if (size.incrementAndGet() > context.limits().hosts()) {
                                    size.decrementAndGet();
                                    return null;
                                }
                                peer = create.get();
                            }
                            if (!peer.use()) {
                                throw new IllegalStateException("a retired peer in the table");
                            }
                            return peer;
                        });
        if (found != null && sweeping.compareAndSet(false, true)) {
            scheduleSweep();
        }
        return found;
    }

    private boolean mayEvict() {
        long last = lastFullSweep.get();
        long now = context.nanoTime();
        return now - last >= FULL_SWEEP_NANOS_MIN && lastFullSweep.compareAndSet(last, now);
    }

    private void scheduleSweep() {
        sweepTimer = context.timers().schedule(SWEEP_INTERVAL, this::sweepRegularly);
        if (closed) {
            stopSweeping();
        }
    }

    private void sweepRegularly() {
        sweep(REMEMBERED.toNanos());
        if (peers.isEmpty()) {
            sweeping.set(false);
            if (peers.isEmpty() || !sweeping.compareAndSet(false, true)) {
                return;
            }
        }
        scheduleSweep();
    }

    private void sweep(long idleNanos) {
        for (Key each : peers.keySet()) {
            peers.computeIfPresent(
                    each,
                    (key, peer) -> {
                        if (!peer.retire(idleNanos)) {
                            return peer;
                        }
                        size.decrementAndGet();
                        return null;
                    });
        }
    }

    private void stopSweeping() {
        Timers.Timer timer = sweepTimer;
        if (timer != null) {
            timer.cancel();
        }
    }

    int size() {
        return size.get();
    }

    int connections() {
        return connector.connections();
    }

    /** Closes every peer, and those that come later as soon as they are acquired. */
    void close() {
        closed = true;
        stopSweeping();
        peers.values().forEach(Peer::close);
    }
}
