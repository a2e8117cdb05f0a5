package org.oncrpckit.rpc.simulation;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.StreamListener;

/**
 * A host of a {@link SimulatedNetwork}, with ports of its own. Unlike a real network it can be used
 * again after {@link #close}: so does a process that is started again.
 */
public final class SimulatedHost implements Network {
    private static final List<InetAddress> LOOPBACK =
            List.of(address(127, 0, 0, 1), address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));

    /** How an endpoint ends, as the other side sees it. */
    enum Ending {
        /** The other side reads what is on the way, then the end. */
        FINISH,
        /** The other side loses the connection at once. */
        RESET,
        /** The other side hears nothing. */
        SILENCE
    }

    /** An open endpoint or listener, for those who end them all. */
    interface Socket {
        void end(CloseReason reason, Ending ending);
    }

    private final SimulatedNetwork network;
    private final List<InetAddress> addresses;
    private final long seed;

    private final PortTable<SimulatedDatagram> udp = new PortTable<>();

    private final PortTable<Socket> tcp = new PortTable<>();

    private final Map<SocketAddress, SimulatedListener> unix = new HashMap<>();

    /** In the order of opening, so that every run ends them in the same order. */
    private final Set<Socket> open = new LinkedHashSet<>();

    private boolean crashed;

    SimulatedHost(SimulatedNetwork network, List<InetAddress> addresses, long seed) {
        this.network = network;
        this.addresses = addresses;
        this.seed = seed;
    }

    /**
     * Kills the process: all that it opened is gone, peers see their connections reset, and it can
     * bind again at once.
     */
    public void kill() {
        endAll(CloseReason.FAILURE, Ending.RESET);
    }

    /**
     * Takes the power: all that was open here is gone and nobody hears of it. Nothing reaches the
     * host and nothing can be opened on it until {@link #restart}; a peer that then uses an old
     * connection finds it reset.
     */
    public void crash() {
        synchronized (network.lock) {
            crashed = true;
        }
        endAll(CloseReason.FAILURE, Ending.SILENCE);
    }

    /** Gives the power back. */
    public void restart() {
        synchronized (network.lock) {
            crashed = false;
        }
    }

    @Override
    public Endpoint bindDatagram(InetSocketAddress local) throws IOException {
        synchronized (network.lock) {
            checkLocal(local);
            InetSocketAddress bound = udp.choose(local);
            SimulatedDatagram endpoint = new SimulatedDatagram(this, bound);
            udp.add(bound, endpoint);
            open.add(endpoint);
            return endpoint;
        }
    }

    @Override
    public StreamListener listen(SocketAddress local, Consumer<Endpoint> accepted)
            throws IOException {
        Objects.requireNonNull(accepted, "accepted");
        synchronized (network.lock) {
            SimulatedListener listener;
            if (local instanceof UnixDomainSocketAddress) {
                checkPower();
                listener = new SimulatedListener(this, local, accepted);
                if (unix.putIfAbsent(local, listener) != null) {
                    throw new BindException("cannot bind " + local + ": somebody answers on it");
                }
            } else if (local instanceof InetSocketAddress inet) {
                checkLocal(inet);
                InetSocketAddress bound = tcp.choose(inet);
                listener = new SimulatedListener(this, bound, accepted);
                tcp.add(bound, listener);
            } else {
                throw new BindException("cannot bind " + local + ": unknown kind of address");
            }
            open.add(listener);
            return listener;
        }
    }

    @Override
    public CompletableFuture<Endpoint> connect(
            SocketAddress remote, @Nullable InetSocketAddress local, Duration timeLimit) {
        Objects.requireNonNull(remote, "remote");
        CompletableFuture<Endpoint> future = new CompletableFuture<>();
        try {
            new SimulatedConnect(this, remote, local, future).start(timeLimit);
        } catch (IOException e) {
            future.completeExceptionally(e);
        }
        return future;
    }

    @Override
    public InetAddress sourceFor(InetAddress remote) throws IOException {
        if (addresses.contains(remote) || remote.isLoopbackAddress()) {
            return remote;
        }
        return addressLike(remote)
                .orElseThrow(
                        () ->
                                new NoRouteToHostException(
                                        "no route from " + this + " to " + remote));
    }

    /** Its first address of the same family. */
    Optional<InetAddress> addressLike(InetAddress other) {
        return addresses.stream().filter(each -> sameFamily(each, other)).findFirst();
    }

    @Override
    public List<InetAddress> localAddresses() {
        List<InetAddress> all = new ArrayList<>(LOOPBACK);
        addresses.stream().filter(address -> !all.contains(address)).forEach(all::add);
        return all;
    }

    /** Ends the process in good order: closes all that is open here. */
    @Override
    public void close() {
        endAll(CloseReason.LOCAL, Ending.FINISH);
    }

    @Override
    public String toString() {
        return "simulated host " + addresses;
    }

    SimulatedNetwork network() {
        return network;
    }

    long seed() {
        return seed;
    }

    boolean isCrashed() {
        network.checkLocked();
        return crashed;
    }

    PortTable<SimulatedDatagram> udp() {
        network.checkLocked();
        return udp;
    }

    PortTable<Socket> tcp() {
        network.checkLocked();
        return tcp;
    }

    Map<SocketAddress, SimulatedListener> unix() {
        network.checkLocked();
        return unix;
    }

    Set<Socket> open() {
        network.checkLocked();
        return open;
    }

    static boolean sameFamily(InetAddress one, InetAddress other) {
        return one instanceof Inet4Address == other instanceof Inet4Address;
    }

    void checkLocal(InetSocketAddress local) throws IOException {
        network.checkLocked();
        checkPower();
        InetAddress address = local.getAddress();
        if (address == null
                || !(address.isAnyLocalAddress()
                        || address.isLoopbackAddress()
                        || addresses.contains(address))) {
            throw new BindException("cannot bind " + local + ": no address of " + this);
        }
    }

    private void checkPower() throws IOException {
        network.checkLocked();
        if (crashed) {
            throw new IOException(this + " has crashed");
        }
    }

    private void endAll(CloseReason reason, Ending ending) {
        List<Socket> ended;
        synchronized (network.lock) {
            ended = List.copyOf(open);
        }
        ended.forEach(socket -> socket.end(reason, ending));
    }

    private static InetAddress address(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(raw);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
