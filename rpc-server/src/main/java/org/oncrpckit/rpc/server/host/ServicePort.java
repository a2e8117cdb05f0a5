package org.oncrpckit.rpc.server.host;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port number on which a server is reachable over UDP and TCP at every address that it serves:
 * rpcbind knows a single port a transport, so all addresses must share it. Thread-safe.
 */
public final class ServicePort implements AutoCloseable {
    private static final int PORT_MAX = 65_535;

    private static final Logger LOG = LoggerFactory.getLogger(ServicePort.class);

    private final Network network;
    private final RpcServer server;
    private final ListenAddresses wanted;
    private final Optional<RpcClient> caller;
    private final ServicePortListener listener;
    private final int number;

    /** Addresses that are there and cannot be served; the following thread's own. */
    private final Set<String> failing = new HashSet<>();

    private final Object lock = new Object();

    /** By the address's text. */
    @GuardedBy("lock")
    private final Map<String, ServedAddress> served = new LinkedHashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    private ServicePort(Builder builder, int number, List<ServedAddress> bound) {
        this.network = builder.network;
        this.server = builder.server;
        this.wanted = builder.addresses;
        this.caller = builder.caller;
        this.listener = builder.listener;
        this.number = number;
        bound.forEach(each -> served.put(each.key(), each));
    }

    /**
     * Starts the settings of a port.
     *
     * @param server answers what arrives there
     */
    public static Builder builder(RpcPlatform platform, RpcServer server) {
        return new Builder(platform, server);
    }

    /** Collects the settings of a port. Not thread-safe. */
    public static final class Builder {
        private final Network network;
        private final RpcServer server;
        private ListenAddresses addresses = ListenAddresses.loopback();
        private ServicePortListener listener = ServicePortListener.NONE;
        private int wanted;
        private Optional<RpcClient> caller = Optional.empty();
        private String portOption = "another port";
        private String addressOption = "the addresses";

        private Builder(RpcPlatform platform, RpcServer server) {
            this.network = platform.network();
            this.server = Objects.requireNonNull(server, "server");
        }

        /** What to serve; loopback unless set. */
        public Builder addresses(ListenAddresses which) {
            addresses = Objects.requireNonNull(which, "addresses");
            return this;
        }

        /**
         * The number, 1 to 65535; 0, the default, picks a privileged one that is free where that is
         * permitted, and any free one where not.
         */
        public Builder number(int port) {
            if (port < 0 || port > PORT_MAX) {
                throw new IllegalArgumentException(
                        "port " + port + " (expected: 0 to " + PORT_MAX + ")");
            }
            wanted = port;
            return this;
        }

        /**
         * Whose calls over UDP leave from this port too, so that peers know where they come from.
         */
        public Builder callBackClient(RpcClient client) {
            caller = Optional.of(client);
            return this;
        }

        /** Who is told of addresses that come and go; nobody unless set. */
        public Builder listener(ServicePortListener told) {
            listener = Objects.requireNonNull(told, "listener");
            return this;
        }

        /** What the user sets port and addresses with, as in "--port": for messages only. */
        public Builder optionNames(String port, String address) {
            portOption = Objects.requireNonNull(port, "port");
            addressOption = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Binds the port on every address and serves it.
         *
         * @throws StartupException when it cannot be had everywhere
         */
        public ServicePort open() throws StartupException {
            List<InetAddress> now = localAddresses();
            if (now.isEmpty()) {
                throw new StartupException(
                        "this host has no address of " + addresses + "; check " + addressOption);
            }
            return wanted == 0 ? anyNumber(now) : chosenNumber(now);
        }

        private List<InetAddress> localAddresses() throws StartupException {
            try {
                List<InetAddress> now = addresses.among(network.localAddresses());
                return addresses.follow() ? bindable(now) : now;
            } catch (IOException e) {
                throw new StartupException(
                        "cannot list this host's addresses: " + e.getMessage(), e);
            }
        }

        /**
         * Without those that no port at all can be bound on yet, such as an IPv6 address that the
         * kernel still checks for a double: they are served as soon as they can be.
         */
        private List<InetAddress> bindable(List<InetAddress> now) {
            List<InetAddress> bindable = new ArrayList<>();
            for (InetAddress address : now) {
                try {
                    network.bindDatagram(new InetSocketAddress(address, 0)).close();
                    bindable.add(address);
                } catch (IOException e) {
                    LOG.info(
                            "address {} cannot be served yet: {}",
                            ListenAddresses.format(address),
                            e.getMessage());
                }
            }
            return bindable;
        }

        private ServicePort chosenNumber(List<InetAddress> now) throws StartupException {
            try {
                return bindRest(now, PortPolicy.fixed(wanted).bindDatagram(network, now.get(0)));
            } catch (IOException e) {
                throw new StartupException(
                        "cannot serve port "
                                + wanted
                                + ": "
                                + e.getMessage()
                                + "; stop what uses it, or choose another with "
                                + portOption,
                        e);
            }
        }

        private ServicePort anyNumber(List<InetAddress> now) throws StartupException {
            try {
                return new PortSearch(network, now.get(0)).search(first -> bindRest(now, first));
            } catch (IOException e) {
                throw new StartupException(
                        "no port is free on all of "
                                + ListenAddresses.format(now)
                                + ": "
                                + e.getMessage()
                                + "; check "
                                + addressOption
                                + ", or choose a port with "
                                + portOption,
                        e);
            }
        }

        /** Takes the first socket over: it is closed when the others cannot be bound. */
        private ServicePort bindRest(List<InetAddress> now, Endpoint first) throws IOException {
            int number = PortSearch.port(first);
            List<ServedAddress> bound = new ArrayList<>();
            try {
                bound.add(ServedAddress.listen(server, now.get(0), first));
                for (InetAddress address : now.subList(1, now.size())) {
                    bound.add(ServedAddress.bind(network, server, address, number));
                }
            } catch (IOException e) {
                bound.forEach(ServedAddress::close);
                throw e;
            }
            bound.forEach(each -> each.serve(server, caller));
            return new ServicePort(this, number, bound);
        }
    }

    /** The port, the same everywhere. */
    public int number() {
        return number;
    }

    /** The server that answers here. */
    public RpcServer server() {
        return server;
    }

    /** The addresses that are served now. */
    public List<InetAddress> addresses() {
        synchronized (lock) {
            return served.values().stream().map(ServedAddress::address).toList();
        }
    }

    /** Whether what it serves changes with the addresses of its host. */
    boolean follows() {
        return wanted.follow();
    }

    /**
     * Serves what has appeared and closes what has vanished. What cannot be served is tried again
     * the next time: an IPv6 address cannot be bound before the kernel has made sure that it has no
     * double. One thread at a time.
     *
     * @param local the addresses that the host has now
     */
    void follow(List<InetAddress> local) {
        List<InetAddress> now = wanted.among(local);
        Set<String> present = new HashSet<>();
        now.forEach(address -> present.add(ListenAddresses.key(address)));
        failing.retainAll(present);
        for (ServedAddress each : vanished(present)) {
            each.close();
            server.closeConnectionsAt(each.address());
            LOG.info(
                    "port {}: address {} has gone", number, ListenAddresses.format(each.address()));
            tell(() -> listener.addressRemoved(this, each.address()));
        }
        for (InetAddress address : now) {
            if (!isServed(address)) {
                add(address);
            }
        }
    }

    private List<ServedAddress> vanished(Set<String> present) {
        List<ServedAddress> gone;
        synchronized (lock) {
            gone = served.values().stream().filter(s -> !present.contains(s.key())).toList();
            gone.forEach(each -> served.remove(each.key()));
        }
        return gone;
    }

    private boolean isServed(InetAddress address) {
        synchronized (lock) {
            return closed || served.containsKey(ListenAddresses.key(address));
        }
    }

    private void add(InetAddress address) {
        ServedAddress added;
        try {
            added = ServedAddress.bind(network, server, address, number);
        } catch (IOException e) {
            if (failing.add(ListenAddresses.key(address))) {
                LOG.warn(
                        "port {}: address {} cannot be served yet: {}",
                        number,
                        ListenAddresses.format(address),
                        e.getMessage());
                tell(() -> listener.addressNotServed(this, address, e));
            }
            return;
        }
        boolean late;
        synchronized (lock) {
            late = closed;
            if (!late) {
                served.put(added.key(), added);
            }
        }
        if (late) {
            added.close();
            return;
        }
        failing.remove(added.key());
        added.serve(server, caller);
        LOG.info("port {}: address {} is served", number, ListenAddresses.format(address));
        tell(() -> listener.addressAdded(this, address));
    }

    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.warn("a listener of addresses failed", e);
        }
    }

    /** Closes its sockets. Connections that were accepted stay; they are the server's. */
    @Override
    public void close() {
        List<ServedAddress> all;
        synchronized (lock) {
            closed = true;
            all = List.copyOf(served.values());
            served.clear();
        }
        all.forEach(ServedAddress::close);
    }
}
