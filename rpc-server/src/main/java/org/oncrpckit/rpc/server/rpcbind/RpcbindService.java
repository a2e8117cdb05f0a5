package org.oncrpckit.rpc.server.rpcbind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.Netid;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.rpcbind.RpcbindProtocol;
import org.oncrpckit.rpc.rpcbind.UniversalAddress;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.server.RpcHandler;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.rpcbind.RpcbindProcedures.NetBuffer;
import org.oncrpckit.rpc.server.rpcbind.RpcbindProcedures.Way;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/**
 * Answers the questions of versions 2, 3 and 4. Which netid is meant follows from the transport
 * that brought the question, as RFC 1833 wants it, not from the netid in it.
 */
final class RpcbindService {
    private final RegistrationTable table;
    private final RpcbindLimits limits;
    private final LocalCallers callers;
    private final Timers timers;
    private final Predicate<InetAddress> served;
    private final QuestionCounts counts;

    /**
     * A service over a table.
     *
     * @param served whether rpcbind itself is reachable at an address
     */
    RpcbindService(
            RegistrationTable table,
            RpcbindLimits limits,
            LocalCallers callers,
            Timers timers,
            Predicate<InetAddress> served) {
        this.table = table;
        this.limits = limits;
        this.callers = callers;
        this.timers = timers;
        this.served = served;
        this.counts = new QuestionCounts(limits.countedServicesMax());
    }

    RpcProgram program() {
        RpcProgram.Builder program =
                RpcProgram.builder(RpcbindProtocol.PROGRAM_NUMBER, "rpcbind")
                        .procedure(PortmapProtocol.SET, counted(this::setPort))
                        .procedure(PortmapProtocol.UNSET, counted(this::unsetPorts))
                        .idempotent(PortmapProtocol.GETPORT, counted(this::port))
                        .idempotent(PortmapProtocol.DUMP, counted((call, n) -> ports(call)))
                        .idempotent(
                                RpcbindProtocol.GET_VERSION_ADDRESS,
                                counted((call, wanted) -> address(call, wanted, true)))
                        .idempotent(RpcbindProcedures.GET_ADDRESS_LIST, counted(this::addressList))
                        .idempotent(
                                RpcbindProcedures.GET_STATISTICS,
                                counted(
                                        (call, nothing) -> {
                                            requireProvenAddress(call);
                                            return counts.counts();
                                        }));
        for (RpcbindProtocol version : List.of(RpcbindProtocol.V3, RpcbindProtocol.V4)) {
            ProgramVersion number = version.set().programVersion();
            program.procedure(version.set(), counted(this::set))
                    .procedure(version.unset(), counted(this::unset))
                    .idempotent(
                            version.getAddress(),
                            counted((call, wanted) -> address(call, wanted, false)))
                    .idempotent(version.dump(), counted((call, n) -> dump(call)))
                    .idempotent(
                            version.getTime(),
                            counted((call, n) -> (int) timers.now().getEpochSecond()))
                    .idempotent(
                            RpcbindProcedures.toSocketAddress(number),
                            counted((call, text) -> socketAddress(text)))
                    .idempotent(
                            RpcbindProcedures.toUniversalAddress(number),
                            counted((call, buffer) -> universalAddress(buffer)));
        }
        return program.build();
    }

    private <A, R> RpcHandler<A, R> counted(RpcHandler<A, R> handler) {
        return (call, arguments) -> {
            counts.called(call);
            return handler.handle(call, arguments);
        };
    }

    private boolean set(CallContext call, Registration wanted) throws CallRejectedException {
        Owner owner = callers.require(call);
        boolean done =
                isRegistrable(wanted)
                        && table.set(
                                new Registration(
                                        wanted.programVersion(),
                                        netid(wanted),
                                        wanted.address(),
                                        owner.name()));
        if (done) {
            counts.set(call);
        }
        return done;
    }

    /** Our own registrations are nobody's business. Texts must be fit to be shown to others. */
    private boolean isRegistrable(Registration wanted) {
        String netid = netid(wanted);
        if (wanted.programVersion().program() == RpcbindProtocol.PROGRAM_NUMBER
                || !isShort(netid)
                || !isShort(wanted.address())) {
            return false;
        }
        boolean hasPort = family(netid).equals("inet") || family(netid).equals("inet6");
        return !hasPort
                || parsed(wanted.address()).filter(address -> address.getPort() != 0).isPresent();
    }

    private boolean isShort(String text) {
        return !text.isEmpty()
                && text.getBytes(StandardCharsets.UTF_8).length <= limits.textBytesMax()
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static String netid(Registration registration) {
        return registration.netid().toLowerCase(Locale.ROOT);
    }

    private boolean unset(CallContext call, Registration wanted) throws CallRejectedException {
        String netid = netid(wanted);
        return unset(call, wanted.programVersion(), netid.isEmpty() ? Set.of() : Set.of(netid));
    }

    private boolean unset(CallContext call, ProgramVersion version, Set<String> netids)
            throws CallRejectedException {
        Owner owner = callers.require(call);
        boolean done =
                version.program() != RpcbindProtocol.PROGRAM_NUMBER
                        && table.unset(version, netids, owner);
        if (done) {
            counts.unset(call);
        }
        return done;
    }

    private boolean setPort(CallContext call, Mapping wanted) throws CallRejectedException {
        String netid = netid(wanted.protocol());
        String address = "0.0.0.0.%d.%d".formatted(wanted.port() >> 8, wanted.port() & 0xff);
        return set(call, new Registration(wanted.programVersion(), netid, address, ""));
    }

    private boolean unsetPorts(CallContext call, Mapping wanted) throws CallRejectedException {
        return unset(call, wanted.programVersion(), Set.of(Netid.UDP, Netid.TCP));
    }

    /** Empty for protocols that version 2 does not know: nothing can be registered for them. */
    private static String netid(int protocol) {
        return switch (protocol) {
            case PortmapProtocol.UDP -> Netid.UDP;
            case PortmapProtocol.TCP -> Netid.TCP;
            default -> "";
        };
    }

    private int port(CallContext call, Mapping wanted) {
        String netid = netid(wanted.protocol());
        Optional<Registration> found = table.nearest(wanted.programVersion(), netid);
        counts.asked(call, wanted.programVersion(), netid, found.isPresent());
        return found.flatMap(r -> parsed(r.address())).map(InetSocketAddress::getPort).orElse(0);
    }

    private List<Mapping> ports(CallContext call) throws CallRejectedException {
        requireProvenAddress(call);
        List<Mapping> mappings = new ArrayList<>();
        for (Registration each : table.all()) {
            int protocol =
                    switch (each.netid()) {
                        case Netid.UDP -> PortmapProtocol.UDP;
                        case Netid.TCP -> PortmapProtocol.TCP;
                        default -> 0;
                    };
            if (protocol != 0) {
                parsed(each.address())
                        .map(a -> new Mapping(each.programVersion(), protocol, a.getPort()))
                        .ifPresent(mappings::add);
            }
        }
        return mappings;
    }

    private List<Registration> dump(CallContext call) throws CallRejectedException {
        requireProvenAddress(call);
        return table.all();
    }

    /**
     * Long lists go over UDP to this host only: the source address of a datagram may be forged, and
     * a victim would get many times what the forger sent.
     */
    private static void requireProvenAddress(CallContext call) throws CallRejectedException {
        if (call.endpoint().transport() == Transport.UDP && !LocalCallers.isLoopback(call.peer())) {
            throw new CallRejectedException(AuthStatus.AUTH_TOOWEAK);
        }
    }

    private String address(CallContext call, Registration wanted, boolean exact) {
        String netid = netidOf(call);
        ProgramVersion version = wanted.programVersion();
        Optional<Registration> found =
                exact ? table.exact(version, netid) : table.nearest(version, netid);
        counts.asked(call, version, netid, found.isPresent());
        return found.map(r -> reachable(call, r, wanted.address())).orElse("");
    }

    private static String netidOf(CallContext call) {
        return call.endpoint().localAddress() instanceof InetSocketAddress local
                ? Netid.of(call.endpoint().transport(), local.getAddress())
                : Netid.LOCAL;
    }

    /**
     * An address that the caller can reach: a service that is registered for every address gets the
     * one that the caller used to reach us, or the one that it says it can reach, if that is ours.
     */
    private String reachable(CallContext call, Registration found, String hint) {
        if (!(call.endpoint().localAddress() instanceof InetSocketAddress asked)) {
            return found.address();
        }
        return parsed(found.address())
                .filter(bound -> bound.getAddress().isAnyLocalAddress())
                .map(
                        bound ->
                                UniversalAddress.format(
                                        new InetSocketAddress(
                                                hinted(hint, asked.getAddress()), bound.getPort())))
                .orElse(found.address());
    }

    private InetAddress hinted(String hint, InetAddress asked) {
        return parsed(hint)
                .map(InetSocketAddress::getAddress)
                .filter(address -> address.getClass() == asked.getClass())
                .filter(served)
                .orElse(asked);
    }

    private List<Way> addressList(CallContext call, Registration wanted) {
        String family = family(netidOf(call));
        List<Way> ways =
                table.of(wanted.programVersion()).stream()
                        .filter(r -> family(r.netid()).equals(family))
                        .map(
                                r ->
                                        new Way(
                                                reachable(call, r, wanted.address()),
                                                r.netid(),
                                                semantics(r.netid()),
                                                family,
                                                protocol(r.netid())))
                        .toList();
        counts.asked(call, wanted.programVersion(), netidOf(call), !ways.isEmpty());
        return ways;
    }

    /** Family, semantics and protocol as /etc/netconfig has them. */
    private static String family(String netid) {
        return switch (netid) {
            case Netid.UDP, Netid.TCP -> "inet";
            case Netid.UDP6, Netid.TCP6 -> "inet6";
            case Netid.LOCAL -> "loopback";
            default -> "-";
        };
    }

    private static int semantics(String netid) {
        int connectionless = 1;
        int orderlyConnection = 3;
        return protocol(netid).equals(Netid.UDP) ? connectionless : orderlyConnection;
    }

    private static String protocol(String netid) {
        return switch (netid) {
            case Netid.UDP, Netid.UDP6 -> "udp";
            case Netid.TCP, Netid.TCP6 -> "tcp";
            default -> "-";
        };
    }

    private static NetBuffer socketAddress(String text) {
        Opaque bytes = parsed(text).map(SocketAddressBytes::of).orElse(Opaque.EMPTY);
        return new NetBuffer(bytes.length(), bytes);
    }

    private static String universalAddress(NetBuffer buffer) {
        return SocketAddressBytes.parse(buffer.bytes()).map(UniversalAddress::format).orElse("");
    }

    private static Optional<InetSocketAddress> parsed(String address) {
        try {
            return Optional.of(UniversalAddress.parse(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
