package org.oncrpckit.rpc.rpcbind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.BroadcastReply;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.Gathering;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.client.RpcUnreachableException;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;

/**
 * Asks rpcbind daemons (RFC 1833). Thread-safe; every request ends within the time limit of its
 * options, which covers all the calls that it takes, and so a cancelled one does too: cancelling
 * its future stops nobody but the waiter.
 */
public final class RpcbindClient {
    /** The well-known port. */
    public static final int PORT = 111;

    /** The IPv6 multicast address that rpcbinds listen to (RFC 1833, IANA); needs a scope. */
    public static final String MULTICAST = "ff02::202";

    private static final int PORT_MAX = 65_535;

    private final RpcClient client;
    private final LocalRpcbind here;
    private final LocalRegistration local;
    private final IndirectCalls indirect;
    private final int port;

    /**
     * A service that a host has registered.
     *
     * @param programVersion program and version
     * @param netid transport, as in "udp", "tcp6", "local"
     * @param address universal address, as in "127.0.0.1.0.111", or a path for "local"
     * @param owner who registered it; empty where version 2 answered
     */
    public record Registration(
            ProgramVersion programVersion, String netid, String address, String owner) {
        /** Checks that nothing is missing. */
        public Registration {
            Objects.requireNonNull(programVersion, "programVersion");
            Objects.requireNonNull(netid, "netid");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(owner, "owner");
        }
    }

    /** A client that calls over this one. */
    public RpcbindClient(RpcClient client) {
        this(client, LocalRpcbind.DEFAULT);
    }

    /** A client that calls over this one, on a system with its rpcbind at an unusual place. */
    public RpcbindClient(RpcClient client, LocalRpcbind local) {
        this(client, local, PORT);
    }

    private RpcbindClient(RpcClient client, LocalRpcbind local, int port) {
        this.client = Objects.requireNonNull(client, "client");
        this.here = Objects.requireNonNull(local, "local");
        this.local = new LocalRegistration(client, local);
        this.indirect = new IndirectCalls(client, port);
        this.port = port;
    }

    /**
     * The same, asking other hosts at another port than {@link #PORT}: behind a port that is
     * forwarded, for example.
     *
     * @param other 1 to 65535
     */
    public RpcbindClient atPort(int other) {
        if (other < 1 || other > PORT_MAX) {
            throw new IllegalArgumentException("port " + other + " (expected: 1 to 65535)");
        }
        return new RpcbindClient(client, here, other);
    }

    /**
     * Where a host serves this version over this transport: IPv4 asks version 2 GETPORT and, where
     * that is refused, 4 then 3; IPv6 asks 4 then 3. Version 2 is asked over UDP, and over TCP
     * where UDP does not answer within three seconds (or half the time limit, if that is shorter);
     * versions 4 and 3 over the transport that is looked up, because daemons answer for the one
     * they are asked over. Never cached, see {@link PortCache}. The host may name a port that
     * serves other versions of the program only.
     *
     * @param source local address to ask from, or null
     * @param transport UDP or TCP
     * @return empty when the host says that it is not registered; fails when rpcbind did not answer
     */
    public CompletableFuture<Optional<InetSocketAddress>> lookUp(
            InetAddress host,
            @Nullable InetAddress source,
            ProgramVersion programVersion,
            Transport transport,
            CallOptions options) {
        Objects.requireNonNull(programVersion, "programVersion");
        if (transport == Transport.UNIX) {
            throw new IllegalArgumentException("a UNIX-domain socket has no port to look up");
        }
        Conversation conversation = converse(host, source, Transport.UDP, options);
        return new AddressLookup(conversation, host, programVersion, transport).run();
    }

    /**
     * What is registered on a host: asks version 4, then 3, then 2, over TCP, since the answer may
     * be long, and over UDP where TCP does not answer.
     */
    public CompletableFuture<List<Registration>> dump(InetAddress host, CallOptions options) {
        Conversation conversation = converse(host, null, Transport.TCP, options);
        CompletableFuture<List<Registration>> v4 =
                conversation.ask(RpcbindProtocol.V4.dump(), Nothing.NOTHING);
        CompletableFuture<List<Registration>> v3 =
                orElse(v4, () -> conversation.ask(RpcbindProtocol.V3.dump(), Nothing.NOTHING));
        return orElse(
                v3,
                () ->
                        conversation
                                .ask(PortmapProtocol.DUMP, Nothing.NOTHING)
                                .thenApply(RpcbindClient::registrations));
    }

    /**
     * What is registered on this host: asks over the UNIX-domain socket where there is one, and
     * otherwise as {@link #dump} over loopback.
     */
    public CompletableFuture<List<Registration>> dumpLocal(CallOptions options) {
        Deadline deadline = Deadline.in(client.platform().timers(), options.timeLimit());
        RpcTarget socket = RpcTarget.unix(here.socket());
        CompletableFuture<List<Registration>> v4 =
                client.call(socket, RpcbindProtocol.V4.dump(), Nothing.NOTHING, options);
        return orElse(
                        v4,
                        () ->
                                client.call(
                                        socket,
                                        RpcbindProtocol.V3.dump(),
                                        Nothing.NOTHING,
                                        options.until(deadline)))
                .exceptionallyCompose(
                        failure ->
                                Failures.causeOf(failure) instanceof RpcUnreachableException
                                        ? dump(
                                                here.loopback().getAddress(),
                                                options.until(deadline))
                                        : CompletableFuture.failedFuture(
                                                Failures.causeOf(failure)));
    }

    private static List<Registration> registrations(List<Mapping> mappings) {
        return mappings.stream()
                .map(
                        mapping ->
                                new Registration(
                                        mapping.programVersion(),
                                        netid(mapping.protocol()),
                                        "0.0.0.0.%d.%d"
                                                .formatted(
                                                        mapping.port() >> 8, mapping.port() & 0xff),
                                        ""))
                .toList();
    }

    private static String netid(int protocol) {
        return switch (protocol) {
            case PortmapProtocol.UDP -> Netid.UDP;
            case PortmapProtocol.TCP -> Netid.TCP;
            default -> Integer.toUnsignedString(protocol);
        };
    }

    /** Whether rpcbind answers a host's callers at all; fails when it does not. */
    public CompletableFuture<Nothing> ping(InetAddress host, CallOptions options) {
        return converse(host, null, Transport.UDP, options)
                .ask(PortmapProtocol.NULL, Nothing.NOTHING);
    }

    /**
     * Registers a service with this host's rpcbind, over its UNIX-domain socket where there is one
     * and over loopback from a privileged port otherwise. A registration that another process left
     * behind makes it refuse: {@link #unset} first.
     *
     * @return false when rpcbind refused: the netid is registered already, or we lack the right
     */
    public CompletableFuture<Boolean> set(Registration registration, CallOptions options) {
        return local.set(Objects.requireNonNull(registration, "registration"), options);
    }

    /**
     * Takes all registrations of a version, on all transports, back from this host's rpcbind.
     * (Where only version 2 answers, one request takes all protocols back too: never unset one
     * transport while another is to stay.)
     *
     * @return false when we lack the right, and on some systems when nothing was registered
     */
    public CompletableFuture<Boolean> unset(ProgramVersion programVersion, CallOptions options) {
        return local.unset(Objects.requireNonNull(programVersion, "programVersion"), options);
    }

    /**
     * Where a host serves exactly this version, as version 4 alone can tell (RPCBPROC_GETVERSADDR):
     * {@link #lookUp} may name a port that serves other versions.
     *
     * @param transport UDP or TCP; rpcbind is asked over the same
     * @return empty when this version is not registered
     */
    public CompletableFuture<Optional<InetSocketAddress>> lookUpVersion(
            InetAddress host,
            ProgramVersion programVersion,
            Transport transport,
            CallOptions options) {
        Objects.requireNonNull(programVersion, "programVersion");
        Conversation conversation = converse(host, null, transport, options);
        return new AddressLookup(conversation, host, programVersion, transport).exactly();
    }

    /** All addresses that a host has for a version, in the family that it is asked over. */
    public CompletableFuture<List<RpcbindProtocol.AddressEntry>> addresses(
            InetAddress host, ProgramVersion programVersion, CallOptions options) {
        Registration wanted = new Registration(programVersion, "", "", "");
        return converse(host, null, Transport.TCP, options)
                .ask(RpcbindProtocol.GET_ADDRESS_LIST, wanted);
    }

    /** A host's clock, to the second. */
    public CompletableFuture<Instant> time(InetAddress host, CallOptions options) {
        Conversation conversation = converse(host, null, Transport.UDP, options);
        return orElse(
                        conversation.ask(RpcbindProtocol.V4.getTime(), Nothing.NOTHING),
                        () -> conversation.ask(RpcbindProtocol.V3.getTime(), Nothing.NOTHING))
                .thenApply(seconds -> Instant.ofEpochSecond(Integer.toUnsignedLong(seconds)));
    }

    /** What a host's rpcbind has counted; version 4 only. */
    public CompletableFuture<RpcbindStatistics> statistics(InetAddress host, CallOptions options) {
        return converse(host, null, Transport.TCP, options)
                .ask(RpcbindProtocol.GET_STATISTICS, Nothing.NOTHING);
    }

    /**
     * Calls a procedure on every host that hears an address, through their rpcbinds, which know the
     * port: version 2 (CALLIT) over IPv4, 4 (BCAST) over IPv6. Hosts that have not the program keep
     * silent, and so do many rpcbinds unless told to pass calls on (Debian's needs {@code -r}). As
     * {@link RpcClient#broadcast} else.
     *
     * @param everybody broadcast address, or {@link #MULTICAST} with a scope; {@code ff02::1} with
     *     a scope also reaches rpcbinds that are not in their group, as Debian's
     * @param source local address to call from, or null; needed for 255.255.255.255 where there are
     *     several networks
     * @return who answered, each with the port of the program itself
     */
    public <A, R> CompletableFuture<List<BroadcastReply<R>>> broadcast(
            InetAddress everybody,
            @Nullable InetAddress source,
            Procedure<A, R> procedure,
            A arguments,
            CallOptions options,
            Gathering<R> gathering) {
        Objects.requireNonNull(everybody, "everybody");
        return indirect.broadcast(everybody, source, procedure, arguments, options, gathering);
    }

    /**
     * Calls a procedure through a host's rpcbind, version 4 (INDIRECT) over UDP, which passes the
     * call on over UDP and reports failures. Many rpcbinds refuse unless told to pass calls on.
     */
    public <A, R> CompletableFuture<R> callIndirect(
            InetAddress host, Procedure<A, R> procedure, A arguments, CallOptions options) {
        Objects.requireNonNull(host, "host");
        return indirect.call(host, procedure, arguments, options);
    }

    private Conversation converse(
            InetAddress host, @Nullable InetAddress source, Transport first, CallOptions options) {
        Objects.requireNonNull(host, "host");
        return new Conversation(client, new InetSocketAddress(host, port), source, first, options);
    }

    private static <R> CompletableFuture<R> orElse(
            CompletableFuture<R> first, Supplier<CompletableFuture<R>> second) {
        return first.exceptionallyCompose(
                failure ->
                        Conversation.isAnswer(Failures.causeOf(failure))
                                ? second.get()
                                : CompletableFuture.failedFuture(Failures.causeOf(failure)));
    }
}
