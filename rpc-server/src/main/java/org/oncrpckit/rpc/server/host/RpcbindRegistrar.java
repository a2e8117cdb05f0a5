package org.oncrpckit.rpc.server.host;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.Netid;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a daemon's services with this host's rpcbind and takes them back. A registration that
 * somebody alive stands behind is left alone and ends the start; a stale one is replaced.
 *
 * <p>Waits for rpcbind, at most 5 s an answer: not for I/O and timer threads. Not thread-safe.
 */
public final class RpcbindRegistrar implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcbindRegistrar.class);

    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(5));

    private final RpcbindClient rpcbind;
    private final Registry registry;

    /** Whether the registry is a process of its own, which may have started again. */
    private final boolean mayForget;

    private final RegistrationProbe probe;

    /** What may be registered at present, and where it is served. */
    private final Map<ProgramVersion, ServicePort> registered = new LinkedHashMap<>();

    /** What is to be registered, and on which transports it is. */
    private final Map<Service, List<String>> netids = new LinkedHashMap<>();

    /** What went wrong the last time, so that it is logged once. */
    private Optional<Refusal> lastRefusal = Optional.empty();

    /** Where registrations go: an rpcbind, near or far. */
    public interface Registry {
        /** Adds a registration; false when it is refused. */
        CompletableFuture<Boolean> set(Registration registration);

        /** Takes all registrations of a version back; false when that is refused. */
        CompletableFuture<Boolean> unset(ProgramVersion programVersion);
    }

    /** A registrar with this host's rpcbind, called over this client. */
    public RpcbindRegistrar(RpcClient client) {
        this(client, new RpcbindClient(client));
    }

    /** The same on a system with its rpcbind at an unusual place. */
    RpcbindRegistrar(RpcClient client, RpcbindClient rpcbind) {
        this(client, rpcbind, over(rpcbind), true);
    }

    /** A registrar with a registry of one's own, which keeps what it is told. */
    public RpcbindRegistrar(RpcClient client, Registry registry) {
        this(client, new RpcbindClient(client), registry, false);
    }

    private RpcbindRegistrar(
            RpcClient client, RpcbindClient rpcbind, Registry registry, boolean mayForget) {
        this.rpcbind = rpcbind;
        this.registry = Objects.requireNonNull(registry, "registry");
        this.mayForget = mayForget;
        this.probe = new RegistrationProbe(client, client.platform().network());
    }

    private static Registry over(RpcbindClient rpcbind) {
        return new Registry() {
            @Override
            public CompletableFuture<Boolean> set(Registration registration) {
                return rpcbind.set(registration, OPTIONS);
            }

            @Override
            public CompletableFuture<Boolean> unset(ProgramVersion programVersion) {
                return rpcbind.unset(programVersion, OPTIONS);
            }
        };
    }

    /**
     * A service to register.
     *
     * @param versions its program and versions
     * @param port where it is served, over UDP and TCP
     */
    public record Service(List<ProgramVersion> versions, ServicePort port) {
        /** Copies the list. */
        public Service {
            versions = List.copyOf(versions);
            Objects.requireNonNull(port, "port");
        }
    }

    /**
     * A program that nobody else may serve here.
     *
     * @param number program number
     * @param name for people, as rpcinfo shows it
     * @param advice what to do when somebody does serve it, for the message
     */
    public record Program(int number, String name, String advice) {
        /** Checks that nothing is missing. */
        public Program {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(advice, "advice");
        }
    }

    /** Why registration did not happen. */
    public record Refusal(String reason) {
        /** Checks that there is a reason. */
        public Refusal {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Refuses to start where somebody serves one of these programs already. To be asked before our
     * own ports are open: a stale registration may name the very port that we are going to serve.
     *
     * @param programs in the order in which they are reported
     * @return whether rpcbind answered at all
     * @throws StartupException when one is served; it says by whom
     */
    public boolean refuseIfServed(List<Program> programs)
            throws StartupException, InterruptedException {
        List<Registration> present;
        try {
            present = dump().get();
        } catch (ExecutionException e) {
            return false;
        }
        for (Program program : programs) {
            refuseIfServed(program, present);
        }
        return true;
    }

    private void refuseIfServed(Program program, List<Registration> present)
            throws StartupException, InterruptedException {
        List<Registration> same =
                present.stream()
                        .filter(r -> r.programVersion().program() == program.number())
                        .toList();
        Optional<Registration> alive = probe.firstAlive(same);
        if (alive.isPresent()) {
            Registration other = alive.get();
            throw new StartupException(
                    "program "
                            + Integer.toUnsignedString(program.number())
                            + " ("
                            + program.name()
                            + ") is served on this host already, by "
                            + other.netid()
                            + " "
                            + other.address()
                            + (other.owner().isEmpty() ? "" : ", registered by " + other.owner())
                            + "; "
                            + program.advice());
        }
    }

    /**
     * Registers services in place of whatever was registered for their programs.
     *
     * @return why not, when rpcbind does not answer or refuses; then none of them is registered
     */
    public Optional<Refusal> register(List<Service> services) throws InterruptedException {
        for (Service service : services) {
            Optional<Refusal> refusal = replace(service, netids(service.port()));
            if (refusal.isPresent()) {
                close();
                return refusal;
            }
        }
        return Optional.empty();
    }

    /**
     * Mends the registrations of services that have got their first address of a family since they
     * were registered, or lost their last one, and of those that rpcbind knows nothing of any more:
     * one that was killed starts with none. What another has registered in the meantime is left
     * alone. What rpcbind refuses is logged and tried again the next time.
     */
    public void refresh() throws InterruptedException {
        Optional<List<Registration>> present = netids.isEmpty() ? Optional.empty() : present();
        Optional<Refusal> refusal = Optional.empty();
        for (Map.Entry<Service, List<String>> each : Map.copyOf(netids).entrySet()) {
            Service service = each.getKey();
            List<String> now = netids(service.port());
            boolean changed = !now.equals(each.getValue());
            if (changed || (present.isPresent() && isForgotten(service, present.get()))) {
                Optional<Refusal> earlier = refusal;
                Optional<Refusal> latest = replace(service, now);
                if (!changed && latest.isEmpty()) {
                    LOG.warn("rpcbind had forgotten {}; registered again", service.versions());
                }
                refusal = latest.or(() -> earlier);
            }
        }
        if (!refusal.equals(lastRefusal)) {
            refusal.ifPresent(r -> LOG.warn("registration is not up to date: {}", r.reason()));
            lastRefusal = refusal;
        }
    }

    private CompletableFuture<List<Registration>> dump() {
        return rpcbind.dump(InetAddress.getLoopbackAddress(), OPTIONS);
    }

    /** What is registered; empty when nobody says. */
    private Optional<List<Registration>> present() throws InterruptedException {
        if (!mayForget) {
            return Optional.empty();
        }
        try {
            return Optional.of(dump().get());
        } catch (ExecutionException e) {
            LOG.debug("rpcbind does not say what is registered: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isForgotten(Service service, List<Registration> present) {
        return present.stream().noneMatch(r -> service.versions().contains(r.programVersion()));
    }

    private Optional<Refusal> replace(Service service, List<String> on)
            throws InterruptedException {
        netids.put(service, List.of());
        try {
            for (ProgramVersion version : service.versions()) {
                // Version 2 of the protocol drops every transport at once, so all come after.
                registry.unset(version).get();
                registered.put(version, service.port());
                for (String netid : on) {
                    if (!registry.set(registration(version, netid, service.port())).get()) {
                        return Optional.of(
                                new Refusal(
                                        "rpcbind refuses to register "
                                                + version
                                                + " on "
                                                + netid
                                                + ": it takes registrations from root on this host"
                                                + " only (a loopback port below 1024 or its UNIX"
                                                + " socket)"));
                    }
                }
            }
            netids.put(service, on);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(new Refusal("rpcbind: " + e.getMessage()));
        }
    }

    private static List<String> netids(ServicePort port) {
        List<InetAddress> addresses = port.addresses();
        List<String> netids = new ArrayList<>();
        if (addresses.stream().anyMatch(Inet4Address.class::isInstance)) {
            netids.addAll(List.of(Netid.UDP, Netid.TCP));
        }
        if (addresses.stream().anyMatch(Inet6Address.class::isInstance)) {
            netids.addAll(List.of(Netid.UDP6, Netid.TCP6));
        }
        return List.copyOf(netids);
    }

    private static Registration registration(
            ProgramVersion version, String netid, ServicePort port) {
        boolean six = netid.equals(Netid.UDP6) || netid.equals(Netid.TCP6);
        return new Registration(version, netid, (six ? "::" : "0.0.0.0") + suffix(port), "");
    }

    /** What an address with this port ends with. */
    private static String suffix(ServicePort port) {
        return ".%d.%d".formatted(port.number() >> 8, port.number() & 0xff);
    }

    /**
     * Takes every registration back that nobody else has replaced; what rpcbind says to it no
     * longer matters.
     */
    @Override
    public void close() {
        List<CompletableFuture<Boolean>> replies = new ArrayList<>();
        List<Registration> present = registered.isEmpty() ? List.of() : presentOrNone();
        registered.forEach(
                (version, port) -> {
                    if (!isAnothers(version, port, present)) {
                        replies.add(registry.unset(version));
                    }
                });
        registered.clear();
        netids.clear();
        for (CompletableFuture<Boolean> reply : replies) {
            try {
                reply.join();
            } catch (CompletionException e) {
                // rpcbind is gone, and the registration with it.
            }
        }
    }

    private List<Registration> presentOrNone() {
        return mayForget ? dump().exceptionally(failure -> List.of()).join() : List.of();
    }

    /** Whether somebody has registered the version since we did: with another port. */
    private static boolean isAnothers(
            ProgramVersion version, ServicePort port, List<Registration> present) {
        List<String> addresses =
                present.stream()
                        .filter(each -> each.programVersion().equals(version))
                        .map(Registration::address)
                        .toList();
        return !addresses.isEmpty()
                && addresses.stream().noneMatch(each -> each.endsWith(suffix(port)));
    }
}
