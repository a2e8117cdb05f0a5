package org.oncrpckit.nlm.daemon;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;

/**
 * Registers the daemon's services with this host's rpcbind and takes them back. A registration that
 * somebody alive stands behind is left alone and ends the start; a stale one is replaced.
 */
final class RpcbindRegistrar implements AutoCloseable {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(5));

    private final RpcbindClient rpcbind;
    private final RegistrationProbe probe;
    private final Set<ProgramVersion> registered = new HashSet<>();
    private boolean rpcbindAnswers;

    RpcbindRegistrar(RpcbindClient rpcbind, RegistrationProbe probe) {
        this.rpcbind = rpcbind;
        this.probe = probe;
    }

    /**
     * A service to register.
     *
     * @param versions its program and versions
     * @param port the port it is served on, over UDP and TCP
     */
    record Service(List<ProgramVersion> versions, int port) {}

    /**
     * A program that nobody else may serve here.
     *
     * @param number program number
     * @param name for people, as rpcinfo shows it
     */
    record Program(int number, String name) {}

    /** Why registration did not happen; empty when it did. */
    record Refusal(String reason) {}

    /**
     * Refuses to start where somebody serves one of these programs already. To be asked before our
     * own ports are open: a stale registration may name the very port that we are going to serve.
     *
     * @param programs in the order in which they are reported
     * @throws StartupException when one is served; it says by whom
     */
    void refuseIfServed(List<Program> programs) throws StartupException, InterruptedException {
        List<Registration> present;
        try {
            present = rpcbind.dump(InetAddress.getLoopbackAddress(), OPTIONS).get();
        } catch (ExecutionException e) {
            return;
        }
        rpcbindAnswers = true;
        for (Program program : programs) {
            refuseIfServed(program.number(), program.name(), present);
        }
    }

    /**
     * Registers services in place of whatever was registered for their programs.
     *
     * @return why not, when rpcbind does not answer or refuses
     */
    Optional<Refusal> register(List<Service> services, List<InetAddress> addresses)
            throws InterruptedException {
        if (!rpcbindAnswers) {
            return Optional.of(new Refusal("no rpcbind answers on this host"));
        }
        for (Service service : services) {
            Optional<Refusal> refusal = replace(service, addresses);
            if (refusal.isPresent()) {
                close();
                return refusal;
            }
        }
        return Optional.empty();
    }

    private void refuseIfServed(int program, String name, List<Registration> present)
            throws StartupException, InterruptedException {
        List<Registration> same =
                present.stream().filter(r -> r.programVersion().program() == program).toList();
        Optional<Registration> alive = probe.firstAlive(same);
        if (alive.isPresent()) {
            Registration other = alive.get();
            throw new StartupException(
                    "program "
                            + Integer.toUnsignedString(program)
                            + " ("
                            + name
                            + ") is served on this host already, by "
                            + other.netid()
                            + " "
                            + other.address()
                            + (other.owner().isEmpty() ? "" : ", registered by " + other.owner())
                            + "; "
                            + advice(name));
        }
    }

    private static String advice(String service) {
        return service.equals("status")
                ? "stop rpc.statd (systemctl stop rpc-statd), or start with --rpcbind none"
                : "it is the kernel's lockd where an NFSv3 file system is mounted or exported:"
                        + " unmount it (or mount it nolock), or stop the other lock manager, or"
                        + " start with --rpcbind none";
    }

    private Optional<Refusal> replace(Service service, List<InetAddress> addresses)
            throws InterruptedException {
        try {
            for (ProgramVersion version : service.versions()) {
                // Version 2 of the protocol drops every transport at once, so all come after.
                rpcbind.unset(version, OPTIONS).get();
                registered.add(version);
                for (Registration wanted : registrations(version, service.port(), addresses)) {
                    if (!rpcbind.set(wanted, OPTIONS).get()) {
                        return Optional.of(
                                new Refusal(
                                        "rpcbind refuses to register "
                                                + version
                                                + " on "
                                                + wanted.netid()
                                                + ": it takes registrations from root on this host"
                                                + " only (a loopback port below 1024 or its UNIX"
                                                + " socket)"));
                    }
                }
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(new Refusal("rpcbind: " + e.getMessage()));
        }
    }

    private static List<Registration> registrations(
            ProgramVersion version, int port, List<InetAddress> addresses) {
        List<Registration> wanted = new ArrayList<>();
        String tail = "." + (port >> 8) + "." + (port & 0xff);
        if (addresses.stream().anyMatch(a -> !(a instanceof Inet6Address))) {
            wanted.add(new Registration(version, "udp", "0.0.0.0" + tail, ""));
            wanted.add(new Registration(version, "tcp", "0.0.0.0" + tail, ""));
        }
        if (addresses.stream().anyMatch(Inet6Address.class::isInstance)) {
            wanted.add(new Registration(version, "udp6", "::" + tail, ""));
            wanted.add(new Registration(version, "tcp6", "::" + tail, ""));
        }
        return wanted;
    }

    /** Takes every registration back; what rpcbind says to it no longer matters. */
    @Override
    public void close() {
        List<CompletableFuture<Boolean>> replies = new ArrayList<>();
        for (ProgramVersion version : registered) {
            replies.add(rpcbind.unset(version, OPTIONS));
        }
        registered.clear();
        for (CompletableFuture<Boolean> reply : replies) {
            try {
                reply.join();
            } catch (CompletionException e) {
                // rpcbind is gone, and the registration with it.
            }
        }
    }
}
