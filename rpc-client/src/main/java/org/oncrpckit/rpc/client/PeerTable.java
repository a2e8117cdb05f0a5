package org.oncrpckit.rpc.client;

import java.net.InetSocketAddress;
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
 * <p>A peer is counted as used within the map's own atomic step that finds it, and removed within
 * such a step only while it is not: so no call ever gets a peer that has just been removed.
 */
final class PeerTable {
    /** How long an idle peer is remembered. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** How often idle peers are looked for. */
    static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

    /** A full table is searched for idle peers at most this often. */
    private static final long FULL_SWEEP_NANOS_MIN = Duration.ofSeconds(1).toNanos();

    private record Key(Transport transport, ScopedAddress remote, @Nullable ScopedAddress source) {}

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
        Key key = new Key(Transport.UDP, ScopedAddress.of(remote), null);
        return (DatagramPeer) acquire(key, () -> new DatagramPeer(context, remote));
    }

    /** The peer for calls over connections, counted as used; null when the table is full. */
    @Nullable StreamPeer acquire(RpcTarget target) {
        ScopedAddress source = target.source() == null ? null : ScopedAddress.of(target.source());
        Key key = new Key(target.transport(), ScopedAddress.of(target.address()), source);
        return (StreamPeer) acquire(key, () -> new StreamPeer(context, target, connector));
    }

    /** What is known of an address; null when nothing is. */
    @Nullable DatagramPeer find(InetSocketAddress remote) {
        return (DatagramPeer) peers.get(new Key(Transport.UDP, ScopedAddress.of(remote), null));
    }

    private @Nullable Peer acquire(Key key, Supplier<Peer> create) {
        Peer found = tryAcquire(key, create);
        if (found == null && mayEvict()) {
            sweep(0);
            found = tryAcquire(key, create);
        }
        if (found != null && closed) {
            found.close();
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
                            peer.users.incrementAndGet();
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
                        if (peer.users.get() > 0 || !peer.isDisposable(idleNanos)) {
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
