package org.oncrpckit.rpc.simulation;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Any number of hosts that exchange messages in {@link VirtualTime}. With one seed, and one thread
 * that does everything, every run is the same.
 *
 * <p>All hosts reach each other over links of quality {@link LinkQuality#GOOD} until told
 * otherwise. A quality belongs to one direction; so does a cut. Both may change at any time.
 *
 * <p>Thread-safe. Receivers, trace consumers and futures run on the thread that lets time pass, or
 * on the one that sends or closes, never under a lock.
 */
public final class SimulatedNetwork {
    /** What waits for delivery on one connection in one direction, at most, in bytes. */
    static final int STREAM_QUEUE_BYTES_MAX = 2 << 20;

    /**
     * Guards the state of the network, of its hosts and of their endpoints: every field here and
     * there that is not final. It lies in another object than most of what it guards, which no
     * compiler follows; so what must hold it says so by {@link #checkLocked}.
     */
    final Object lock = new Object();

    private final VirtualTime time;
    private final SplittableRandom seeds;

    private final Links links;

    /** In the order they were added, so that a broadcast takes the same course in every run. */
    private final Map<InetAddress, SimulatedHost> hosts = new LinkedHashMap<>();

    private volatile Consumer<TraceEvent> trace = event -> {};

    /** A network without hosts. */
    public SimulatedNetwork(VirtualTime time, long seed) {
        this.time = Objects.requireNonNull(time, "time");
        this.seeds = new SplittableRandom(seed);
        this.links = new Links(seeds.split());
    }

    /**
     * Adds a host with these addresses. Every host has 127.0.0.1 and ::1 of its own besides.
     *
     * @throws IllegalArgumentException when there is no address, or another host has it
     */
    public SimulatedHost host(InetAddress... addresses) {
        List<InetAddress> own = List.of(addresses);
        if (own.isEmpty()) {
            throw new IllegalArgumentException("a host needs an address");
        }
        synchronized (lock) {
            for (InetAddress address : own) {
                if (address.isAnyLocalAddress() || hosts.containsKey(address)) {
                    throw new IllegalArgumentException(address + " is taken or a wildcard");
                }
            }
            SimulatedHost host = new SimulatedHost(this, own, seeds.nextLong());
            own.forEach(address -> hosts.put(address, host));
            return host;
        }
    }

    /**
     * What a client or server on that host stands on. Its random generator is thread-safe and
     * seeded from the network's seed.
     *
     * @throws IllegalArgumentException when the host is not of this network
     */
    public RpcPlatform platform(Network host) {
        if (!(host instanceof SimulatedHost simulated) || simulated.network() != this) {
            throw new IllegalArgumentException(host + " is no host of this network");
        }
        return new RpcPlatform(host, time, new Random(simulated.seed()));
    }

    /** The time that this network lives in. */
    public VirtualTime time() {
        return time;
    }

    /** Sets the quality of all links that have none of their own. */
    public void setQuality(LinkQuality quality) {
        Objects.requireNonNull(quality, "quality");
        synchronized (lock) {
            links.setQuality(quality);
        }
    }

    /** Sets the quality of one link in one direction. */
    public void setQuality(InetAddress from, InetAddress to, LinkQuality quality) {
        Objects.requireNonNull(quality, "quality");
        synchronized (lock) {
            links.setQuality(from, to, quality);
        }
    }

    /**
     * Lets nothing pass in one direction: datagrams sent from now on are lost, connections stall
     * until {@link #mend} or until they give up after 15 minutes.
     */
    public void cut(InetAddress from, InetAddress to) {
        synchronized (lock) {
            links.cut(from, to);
        }
    }

    /** Ends {@link #cut}. */
    public void mend(InetAddress from, InetAddress to) {
        synchronized (lock) {
            links.mend(from, to);
        }
    }

    /** Tells everything that happens to messages from now on, to this consumer instead. */
    public void trace(Consumer<TraceEvent> consumer) {
        trace = Objects.requireNonNull(consumer, "consumer");
    }

    void trace(
            TraceEvent.Fate fate,
            Transport transport,
            SocketAddress from,
            SocketAddress to,
            byte[] message) {
        ByteBuffer view = ByteBuffer.wrap(message).asReadOnlyBuffer();
        trace.accept(new TraceEvent(time.nanoTime(), fate, transport, from, to, view));
    }

    Links links() {
        checkLocked();
        return links;
    }

    /** The host with this address as seen from another; loopback is everybody's own. */
    @Nullable SimulatedHost hostAt(InetAddress address, SimulatedHost seenFrom) {
        checkLocked();
        SimulatedHost host = hosts.get(address);
        return host == null && address.isLoopbackAddress() ? seenFrom : host;
    }

    /** Every host, for what is sent to all of them. */
    Set<SimulatedHost> hosts() {
        checkLocked();
        return new LinkedHashSet<>(hosts.values());
    }

    void checkLocked() {
        if (!Thread.holdsLock(lock)) {
            throw new IllegalStateException("the lock of the network is not held");
        }
    }

    void schedule(long delayNanos, Runnable task) {
        time.schedule(Duration.ofNanos(delayNanos), task);
    }

    long nanoTime() {
        return time.nanoTime();
    }
}
