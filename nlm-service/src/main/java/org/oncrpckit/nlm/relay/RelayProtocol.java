package org.oncrpckit.nlm.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.oncrpckit.nlm.ClientRole.Sender;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrRecords;

/**
 * The program that lock clients speak with their host's daemon, in both directions over one
 * connection to its control socket. Its number lies in the range that RFC 5531 section 8.3 leaves
 * to users.
 *
 * <pre>
 * client to daemon:  1 HELLO  2 EXPECT_GRANT  3 EXPECT_RESULT  4 FORGET  5 MONITOR
 * daemon to client:  16 GRANTED  17 TEST_RESULT  18 STATUS_RESULT  19 REBOOTED
 *
 * address:        address (opaque, 4 or 16 bytes) | scope (32)
 * EXPECT_GRANT:   address | exclusive | nlm4_lock, as TEST has them  -> token (64), 0: no room
 * EXPECT_RESULT:  address | cookie                                   -> token (64), 0: no room
 * FORGET:         token
 * MONITOR:        address                             -> why not (text), empty when it is watched
 * sender:         address (server) | address (local) | transport (32) | version (32)
 * GRANTED:        sender | cookie | exclusive | nlm4_lock             -> nlm4_stats
 * TEST_RESULT:    sender | nlm4_testres
 * STATUS_RESULT:  sender | nlm4_res
 * REBOOTED:       address | state (32)
 * </pre>
 */
public final class RelayProtocol {
    /** Program and version. */
    public static final ProgramVersion VERSION = new ProgramVersion(0x2000_4e4d, 1);

    private static final int ADDRESS_BYTES_MAX = 16;
    private static final int TEXT_BYTES_MAX = 4096;
    private static final int COOKIE_BYTES_MAX = 1024;

    /**
     * What the daemon says of its host.
     *
     * @param name what it calls itself in its status monitor's notices, and so must be called in a
     *     LOCK
     * @param state state number of its status monitor
     */
    public record Host(HostName name, int state) {
        /** Refuses null. */
        public Host {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * A grant that is waited for.
     *
     * @param server who will say so
     * @param grant the lock as its LOCK describes it; the cookie does not matter
     */
    public record ExpectedGrant(InetAddress server, TestArgs grant) {
        /** Refuses nulls. */
        public ExpectedGrant {
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(grant, "grant");
        }
    }

    /**
     * A result of a one-way call that is waited for.
     *
     * @param server who will send it
     * @param cookie of the call
     */
    public record ExpectedResult(InetAddress server, Opaque cookie) {
        /** Refuses nulls. */
        public ExpectedResult {
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(cookie, "cookie");
        }
    }

    /**
     * Something that came from a server.
     *
     * @param sender which server, and how
     * @param content what
     */
    public record Forwarded<T>(Sender sender, T content) {
        /** Refuses nulls. */
        public Forwarded {
            Objects.requireNonNull(sender, "sender");
            Objects.requireNonNull(content, "content");
        }
    }

    /**
     * A server has restarted.
     *
     * @param server which
     * @param state its state number from now on
     */
    public record Reboot(InetAddress server, int state) {
        /** Refuses null. */
        public Reboot {
            Objects.requireNonNull(server, "server");
        }
    }

    private static final XdrCodec<InetAddress> ADDRESS =
            XdrRecords.of(
                    XdrCodecs.opaque(ADDRESS_BYTES_MAX),
                    address -> Opaque.copyOf(address.getAddress()),
                    XdrCodecs.INT,
                    RelayProtocol::scope,
                    RelayProtocol::address);

    private static final XdrCodec<Sender> SENDER =
            XdrRecords.of(
                    ADDRESS,
                    Sender::server,
                    ADDRESS,
                    Sender::local,
                    XdrCodecs.BOOLEAN,
                    sender -> sender.transport() == Transport.TCP,
                    XdrCodecs.INT.map(NlmVersion::of, NlmVersion::number),
                    Sender::version,
                    (server, local, tcp, version) ->
                            new Sender(
                                    server, local, tcp ? Transport.TCP : Transport.UDP, version));

    private static final XdrCodec<TestArgs> GRANT = NlmVersion.V4.granted().call().arguments();

    /** Who are you? Asked first on a connection. */
    public static final Procedure<Nothing, Host> HELLO =
            procedure(
                    1,
                    "HELLO",
                    XdrCodecs.VOID,
                    XdrRecords.of(
                            XdrRecords.of(
                                    XdrCodecs.opaque(HostName.LENGTH_MAX),
                                    HostName::bytes,
                                    HostName::new),
                            Host::name,
                            XdrCodecs.INT,
                            Host::state,
                            Host::new));

    /** Wants grants of one lock from one server. */
    public static final Procedure<ExpectedGrant, Long> EXPECT_GRANT =
            procedure(
                    2,
                    "EXPECT_GRANT",
                    XdrRecords.of(
                            ADDRESS,
                            ExpectedGrant::server,
                            GRANT,
                            ExpectedGrant::grant,
                            ExpectedGrant::new),
                    XdrCodecs.LONG);

    /** Wants the result of one one-way call. */
    public static final Procedure<ExpectedResult, Long> EXPECT_RESULT =
            procedure(
                    3,
                    "EXPECT_RESULT",
                    XdrRecords.of(
                            ADDRESS,
                            ExpectedResult::server,
                            XdrCodecs.opaque(COOKIE_BYTES_MAX),
                            ExpectedResult::cookie,
                            ExpectedResult::new),
                    XdrCodecs.LONG);

    /** Wants something no longer. */
    public static final Procedure<Long, Nothing> FORGET =
            procedure(4, "FORGET", XdrCodecs.LONG, XdrCodecs.VOID);

    /** Wants to hear of restarts of a host; answered when it is on stable storage. */
    public static final Procedure<InetAddress, String> MONITOR =
            procedure(5, "MONITOR", ADDRESS, XdrCodecs.string(TEXT_BYTES_MAX));

    /** Brings a grant; the answer is what the server is told. */
    public static final Procedure<Forwarded<TestArgs>, NlmStatus> GRANTED =
            procedure(16, "GRANTED", forwarded(GRANT), XdrCodecs.enumeration(NlmStatus.class));

    /** Brings what a TEST_MSG was answered with. */
    public static final Procedure<Forwarded<TestReply>, Nothing> TEST_RESULT =
            procedure(
                    17,
                    "TEST_RESULT",
                    forwarded(NlmVersion.V4.test().call().results()),
                    XdrCodecs.VOID);

    /** Brings what a LOCK_MSG, CANCEL_MSG or UNLOCK_MSG was answered with. */
    public static final Procedure<Forwarded<StatusReply>, Nothing> STATUS_RESULT =
            procedure(
                    18,
                    "STATUS_RESULT",
                    forwarded(NlmVersion.V4.lock().call().results()),
                    XdrCodecs.VOID);

    /** A host that is monitored has restarted. */
    public static final Procedure<Reboot, Nothing> REBOOTED =
            procedure(
                    19,
                    "REBOOTED",
                    XdrRecords.of(
                            ADDRESS, Reboot::server, XdrCodecs.INT, Reboot::state, Reboot::new),
                    XdrCodecs.VOID);

    private RelayProtocol() {}

    private static <T> XdrCodec<Forwarded<T>> forwarded(XdrCodec<T> content) {
        return XdrRecords.of(
                SENDER, Forwarded::sender, content, Forwarded::content, Forwarded::new);
    }

    private static <A, R> Procedure<A, R> procedure(
            int number, String name, XdrCodec<A> arguments, XdrCodec<R> results) {
        return new Procedure<>(VERSION, number, name, arguments, results);
    }

    private static int scope(InetAddress address) {
        return address instanceof Inet6Address six ? six.getScopeId() : 0;
    }

    private static InetAddress address(Opaque bytes, int scope) {
        try {
            InetAddress plain = InetAddress.getByAddress(bytes.toByteArray());
            return scope != 0 && plain instanceof Inet6Address
                    ? Inet6Address.getByAddress(null, bytes.toByteArray(), scope)
                    : plain;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "address of %d bytes (expected: 4 or 16)".formatted(bytes.length()), e);
        }
    }
}
