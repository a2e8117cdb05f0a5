package org.oncrpckit.rpc.simulation;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.simulation.SimulatedHost.Ending;
import org.oncrpckit.rpc.simulation.TraceEvent.Fate;
import org.oncrpckit.rpc.transport.Transport;

/** A bound UDP socket in the simulation. */
final class SimulatedDatagram extends SimulatedEndpoint {
    /** Longest datagram over IPv4: 65,535 bytes less the headers of IP and UDP. */
    private static final int MESSAGE_BYTES_MAX = 65_507;

    private static final byte[] ALL_ONES = {-1, -1, -1, -1};

    private final InetSocketAddress local;

    SimulatedDatagram(SimulatedHost host, InetSocketAddress local) {
        super(host, local);
        this.local = local;
    }

    @Override
    public Transport transport() {
        return Transport.UDP;
    }

    @Override
    public Optional<SocketAddress> peer() {
        return Optional.empty();
    }

    @Override
    public SendOutcome send(SocketAddress to, ByteBuffer message) {
        byte[] bytes = copy(message);
        InetSocketAddress from = sourceOf(to, bytes.length);
        synchronized (network.lock) {
            if (!isOpen()) {
                return SendOutcome.CLOSED;
            }
        }
        if (from == null) {
            network.trace(Fate.REFUSED, Transport.UDP, local, to, bytes);
            return count(SendOutcome.REFUSED);
        }
        network.trace(Fate.SENT, Transport.UDP, from, to, bytes);
        travel(from, (InetSocketAddress) to, bytes);
        return count(SendOutcome.SENT);
    }

    /** The address that a datagram to there leaves from, or null when it cannot leave. */
    private @Nullable InetSocketAddress sourceOf(SocketAddress to, int bytes) {
        if (bytes > MESSAGE_BYTES_MAX
                || !(to instanceof InetSocketAddress inet)
                || inet.isUnresolved()
                || inet.getPort() == 0) {
            return null;
        }
        InetAddress bound = local.getAddress();
        InetAddress remote = inet.getAddress();
        if (bound.isAnyLocalAddress()) {
            try {
                return new InetSocketAddress(host.sourceFor(remote), local.getPort());
            } catch (IOException e) {
                return null;
            }
        }
        boolean reachable =
                SimulatedHost.sameFamily(bound, remote)
                        && (!bound.isLoopbackAddress() || remote.isLoopbackAddress());
        return reachable ? local : null;
    }

    private void travel(InetSocketAddress from, InetSocketAddress to, byte[] bytes) {
        if (!isForEverybody(to.getAddress())) {
            travelTo(to.getAddress(), from, to, bytes);
            return;
        }
        List<InetAddress> everybody = new ArrayList<>();
        synchronized (network.lock) {
            for (SimulatedHost each : network.hosts()) {
                each.addressLike(from.getAddress()).ifPresent(everybody::add);
            }
        }
        everybody.forEach(each -> travelTo(each, from, to, bytes));
    }

    /** Broadcast on the one network that there is, and multicast, which all hosts listen to. */
    private static boolean isForEverybody(InetAddress address) {
        return address.isMulticastAddress()
                || (address instanceof Inet4Address
                        && Arrays.equals(address.getAddress(), ALL_ONES));
    }

    /** One copy's way to the host with an address, which may be another than it was sent to. */
    private void travelTo(
            InetAddress target, InetSocketAddress from, InetSocketAddress to, byte[] bytes) {
        boolean lost;
        boolean twice = false;
        synchronized (network.lock) {
            Links links = network.links();
            InetAddress source = from.getAddress();
            lost = links.isCut(source, target) || links.loses(source, target);
            if (!lost) {
                network.schedule(
                        links.delayNanos(source, target), () -> arrive(target, from, to, bytes));
                twice = links.duplicates(source, target);
                if (twice) {
                    network.schedule(
                            links.delayNanos(source, target),
                            () -> arrive(target, from, to, bytes));
                }
            }
        }
        if (lost) {
            network.trace(Fate.LOST, Transport.UDP, from, to, bytes);
        } else if (twice) {
            network.trace(Fate.DUPLICATED, Transport.UDP, from, to, bytes);
        }
    }

    private void arrive(
            InetAddress at, InetSocketAddress from, InetSocketAddress to, byte[] bytes) {
        SimulatedDatagram receiver = null;
        boolean up;
        synchronized (network.lock) {
            SimulatedHost target = network.hostAt(at, host);
            up = target != null && !target.isCrashed();
            if (target != null && up) {
                receiver = target.udp().find(to.getAddress(), to.getPort());
            }
        }
        if (receiver != null) {
            network.trace(Fate.DELIVERED, Transport.UDP, from, to, bytes);
            receiver.hand(from, bytes);
        } else {
            network.trace(up ? Fate.UNBOUND : Fate.LOST, Transport.UDP, from, to, bytes);
        }
    }

    /** It reads from the beginning. */
    @Override
    protected void startReading() {}

    @Override
    public void suspendReading() {}

    @Override
    public void resumeReading() {}

    @Override
    void release(Ending ending) {
        network.checkLocked();
        host.udp().remove(local, this);
    }
}
