package org.oncrpckit.nlm.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.StreamListener;

/**
 * One port number on which a server is reachable over UDP and TCP at every address: rpcbind knows a
 * single port a transport, so all addresses must share it.
 */
final class ServicePort implements AutoCloseable {
    /** How many numbers are tried that are free on the first address and may be taken on others. */
    private static final int ATTEMPTS = 64;

    private final int number;
    private final List<Endpoint> datagrams;
    private final List<StreamListener> listeners;

    private ServicePort(int number, List<Endpoint> datagrams, List<StreamListener> listeners) {
        this.number = number;
        this.datagrams = datagrams;
        this.listeners = listeners;
    }

    /**
     * Binds a port for a server.
     *
     * @param wanted the number, or 0 for a privileged one where that is permitted and any other
     *     where not
     * @param option name of the option to mention in messages
     */
    static ServicePort open(
            Network network,
            RpcServer server,
            List<InetAddress> addresses,
            int wanted,
            String option)
            throws StartupException {
        if (wanted != 0) {
            try {
                return bind(network, server, addresses, wanted);
            } catch (IOException e) {
                throw new StartupException(
                        "cannot serve port "
                                + wanted
                                + ": "
                                + e.getMessage()
                                + "; stop what uses it, or choose another with "
                                + option,
                        e);
            }
        }
        Set<Integer> taken = new HashSet<>();
        IOException last = new IOException("no port tried");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Endpoint first = firstDatagram(network, addresses.get(0), taken);
                int number = port(first);
                taken.add(number);
                return bindRest(network, server, addresses, first);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new StartupException(
                "no port is free on all of "
                        + ListenAddresses.format(addresses)
                        + ": "
                        + last.getMessage()
                        + "; check --listen, or choose a port with "
                        + option,
                last);
    }

    /** A privileged port satisfies peers that look at it; any other one serves all the same. */
    private static Endpoint firstDatagram(Network network, InetAddress address, Set<Integer> taken)
            throws IOException {
        try {
            return privilegedExcept(taken).bindDatagram(network, address);
        } catch (IOException e) {
            return PortPolicy.ephemeral().bindDatagram(network, address);
        }
    }

    private static PortPolicy privilegedExcept(Set<Integer> taken) {
        Set<Integer> avoided = new HashSet<>(taken);
        if (PortPolicy.privileged() instanceof PortPolicy.Privileged policy) {
            avoided.addAll(policy.avoided());
        }
        return new PortPolicy.Privileged(avoided);
    }

    private static ServicePort bind(
            Network network, RpcServer server, List<InetAddress> addresses, int number)
            throws IOException {
        return bindRest(
                network,
                server,
                addresses,
                PortPolicy.fixed(number).bindDatagram(network, addresses.get(0)));
    }

    /** Takes the first socket over: it is closed when the others cannot be bound. */
    private static ServicePort bindRest(
            Network network, RpcServer server, List<InetAddress> addresses, Endpoint first)
            throws IOException {
        int number = port(first);
        List<Endpoint> datagrams = new ArrayList<>(List.of(first));
        List<StreamListener> listeners = new ArrayList<>();
        try {
            for (InetAddress address : addresses) {
                if (listeners.size() == datagrams.size()) {
                    datagrams.add(network.bindDatagram(new InetSocketAddress(address, number)));
                }
                listeners.add(server.listen(new InetSocketAddress(address, number)));
            }
        } catch (IOException e) {
            close(datagrams, listeners);
            throw e;
        }
        datagrams.forEach(server::attach);
        return new ServicePort(number, List.copyOf(datagrams), List.copyOf(listeners));
    }

    private static int port(Endpoint datagram) {
        return ((InetSocketAddress) datagram.localAddress()).getPort();
    }

    int number() {
        return number;
    }

    /** The UDP sockets, one an address. */
    List<Endpoint> datagrams() {
        return datagrams;
    }

    @Override
    public void close() {
        close(datagrams, listeners);
    }

    private static void close(List<Endpoint> datagrams, List<StreamListener> listeners) {
        listeners.forEach(StreamListener::close);
        datagrams.forEach(Endpoint::close);
    }
}
