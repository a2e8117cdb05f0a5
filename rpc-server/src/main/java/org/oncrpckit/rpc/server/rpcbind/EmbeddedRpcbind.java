package org.oncrpckit.rpc.server.rpcbind;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.Netid;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.rpcbind.RpcbindProtocol;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.ServerLimits;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindRegistrar;
import org.oncrpckit.rpc.server.host.ServicePort;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.StreamListener;

/**
 * An rpcbind inside this process. Programs of this host register with it as with any other: over
 * loopback from a port below 1024, or over its UNIX-domain socket as root or as the user of this
 * process. Everybody who can reach it may ask where they are. Thread-safe.
 *
 * <p>It calls nobody on behalf of others, so CALLIT, BCAST and INDIRECT are answered PROC_UNAVAIL.
 * Over UDP it gives long lists (DUMP, GETSTAT) to callers on loopback only.
 */
public final class EmbeddedRpcbind implements AutoCloseable {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(1);

    private final RpcServer server;
    private final RegistrationTable table;
    private final ServicePort port;

    private EmbeddedRpcbind(RpcServer server, RegistrationTable table, ServicePort port) {
        this.server = server;
        this.table = table;
        this.port = port;
        List<InetAddress> addresses = port.addresses();
        if (addresses.stream().anyMatch(Inet4Address.class::isInstance)) {
            registerOurselves(List.of(2, 3, 4), List.of(Netid.UDP, Netid.TCP), "0.0.0.0");
        }
        if (addresses.stream().anyMatch(Inet6Address.class::isInstance)) {
            registerOurselves(List.of(3, 4), List.of(Netid.UDP6, Netid.TCP6), "::");
        }
    }

    private void registerOurselves(List<Integer> versions, List<String> netids, String host) {
        String address = "%s.%d.%d".formatted(host, port.number() >> 8, port.number() & 0xff);
        for (int version : versions) {
            netids.forEach(netid -> registerOurselves(version, netid, address));
        }
    }

    private void registerOurselves(int version, String netid, String address) {
        table.set(
                new Registration(
                        new ProgramVersion(RpcbindProtocol.PROGRAM_NUMBER, version),
                        netid,
                        address,
                        Owner.SUPERUSER.name()));
    }

    /** Starts the settings of an rpcbind. */
    public static Builder builder(RpcPlatform platform) {
        return new Builder(platform);
    }

    /** Where we are reachable, which is known only when the port is open. */
    private static final class Reachable {
        private volatile Predicate<InetAddress> addresses = address -> false;
    }

    /** Collects the settings of an rpcbind. Not thread-safe. */
    public static final class Builder {
        private final RpcPlatform platform;
        private ListenAddresses addresses = ListenAddresses.loopback();
        private int number = RpcbindClient.PORT;
        private RpcbindLimits limits = RpcbindLimits.DEFAULT;
        private ServerLimits serverLimits = ServerLimits.DEFAULT;

        private Builder(RpcPlatform platform) {
            this.platform = Objects.requireNonNull(platform, "platform");
        }

        /** What to serve besides loopback, which is always served: programs register there. */
        public Builder addresses(ListenAddresses which) {
            addresses = Objects.requireNonNull(which, "addresses");
            return this;
        }

        /** Another port than 111, for tests: nobody looks for an rpcbind anywhere else. */
        public Builder port(int port) {
            number = port;
            return this;
        }

        /** What it keeps at the most; {@link RpcbindLimits#DEFAULT} unless set. */
        public Builder limits(RpcbindLimits most) {
            limits = Objects.requireNonNull(most, "limits");
            return this;
        }

        /** Limits of connections and calls; {@link ServerLimits#DEFAULT} unless set. */
        public Builder serverLimits(ServerLimits most) {
            serverLimits = Objects.requireNonNull(most, "serverLimits");
            return this;
        }

        /**
         * Binds the port on every address and serves it.
         *
         * @throws StartupException when it cannot be had; the message says why
         */
        public EmbeddedRpcbind open() throws StartupException {
            RegistrationTable table = new RegistrationTable(limits.registrationsMax());
            RpcServer server = RpcServer.builder(platform).limits(serverLimits).build();
            Reachable reachable = new Reachable();
            server.addProgram(
                    new RpcbindService(
                                    table,
                                    limits,
                                    LocalCallers.ofThisHost(),
                                    platform.timers(),
                                    address -> reachable.addresses.test(address))
                            .program());
            try {
                ServicePort port =
                        ServicePort.builder(platform, server)
                                .addresses(addresses.andLoopback())
                                .number(number)
                                .open();
                reachable.addresses = address -> port.addresses().contains(address);
                return new EmbeddedRpcbind(server, table, port);
            } catch (StartupException e) {
                server.close();
                throw new StartupException(
                        "rpcbind cannot be served here: "
                                + (e.getCause() == null ? e : e.getCause()).getMessage(),
                        e);
            }
        }
    }

    /** Where it is served; an {@link org.oncrpckit.rpc.server.host.AddressWatch} may follow it. */
    public ServicePort port() {
        return port;
    }

    /** What is registered now, rpcbind itself included. */
    public List<Registration> registrations() {
        return table.all();
    }

    /** Registers programs of this process, without a call; they belong to root. */
    public RpcbindRegistrar.Registry registry() {
        return new RpcbindRegistrar.Registry() {
            @Override
            public CompletableFuture<Boolean> set(Registration added) {
                return CompletableFuture.completedFuture(
                        table.set(
                                new Registration(
                                        added.programVersion(),
                                        added.netid(),
                                        added.address(),
                                        Owner.SUPERUSER.name())));
            }

            @Override
            public CompletableFuture<Boolean> unset(ProgramVersion programVersion) {
                return CompletableFuture.completedFuture(
                        table.unset(programVersion, Set.of(), Owner.SUPERUSER));
            }
        };
    }

    /**
     * Serves a UNIX-domain socket too, open to every user of this host: the kernel says who calls.
     *
     * @throws IOException when it cannot be bound, or somebody answers on it
     */
    public void listen(Path socket) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        StreamListener listener = server.listen(address);
        try {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException | UnsupportedOperationException e) {
            listener.close();
            throw e;
        }
        registerOurselves(3, Netid.LOCAL, socket.toString());
        registerOurselves(4, Netid.LOCAL, socket.toString());
    }

    /** Stops: what is registered is forgotten. */
    @Override
    public void close() {
        port.close();
        try {
            server.stop(DRAIN_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
