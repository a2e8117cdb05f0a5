package org.oncrpckit.rpc.rpcbind;

import java.util.List;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.IndirectCall;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrRecords;

/**
 * Versions 3 and 4 of rpcbind (RFC 1833 section 2), which know any transport. A registration is
 *
 * <pre>
 * +---------+---------+----------------+-------------------+----------------+
 * | program | version | netid (string) | address (string)  | owner (string) |
 * +---------+---------+----------------+-------------------+----------------+
 * </pre>
 *
 * @param nothing {@code RPCBPROC_NULL}, number 0
 * @param set {@code RPCBPROC_SET}, number 1: registers; false when the netid is registered already
 * @param unset {@code RPCBPROC_UNSET}, number 2: takes registrations back; an empty netid means all
 * @param getAddress {@code RPCBPROC_GETADDR}, number 3: the universal address for a netid; empty
 *     when the program is not registered in any version
 * @param dump {@code RPCBPROC_DUMP}, number 4: all registrations
 * @param getTime {@code RPCBPROC_GETTIME}, number 6: the host's clock, seconds since 1970 as
 *     unsigned bits
 */
public record RpcbindProtocol(
        Procedure<Nothing, Nothing> nothing,
        Procedure<Registration, Boolean> set,
        Procedure<Registration, Boolean> unset,
        Procedure<Registration, String> getAddress,
        Procedure<Nothing, List<Registration>> dump,
        Procedure<Nothing, Integer> getTime) {
    /** The program number of all versions. */
    public static final int PROGRAM_NUMBER = 100_000;

    /** Longest netid, address or owner in bytes. */
    public static final int TEXT_BYTES_MAX = 1024;

    /** Most registrations in one list. */
    public static final int REGISTRATIONS_MAX = 4096;

    static final XdrCodec<ProgramVersion> PROGRAM_VERSION =
            XdrRecords.of(
                    XdrCodecs.INT,
                    ProgramVersion::program,
                    XdrCodecs.INT,
                    ProgramVersion::version,
                    ProgramVersion::new);

    static final XdrCodec<String> TEXT = XdrCodecs.string(TEXT_BYTES_MAX);

    private static final XdrCodec<Registration> REGISTRATION =
            XdrRecords.of(
                    PROGRAM_VERSION,
                    Registration::programVersion,
                    TEXT,
                    Registration::netid,
                    TEXT,
                    Registration::address,
                    TEXT,
                    Registration::owner,
                    Registration::new);

    /** Version 3. */
    public static final RpcbindProtocol V3 = version(3);

    /** Version 4. */
    public static final RpcbindProtocol V4 = version(4);

    /**
     * {@code RPCBPROC_GETVERSADDR}, number 9 of version 4: as GETADDR, but empty when exactly this
     * version is not registered.
     */
    public static final Procedure<Registration, String> GET_VERSION_ADDRESS =
            new Procedure<>(program(4), 9, "RPCBPROC_GETVERSADDR", REGISTRATION, TEXT);

    private static final XdrCodec<IndirectCall> INDIRECT_CALL =
            XdrRecords.of(
                    PROGRAM_VERSION,
                    IndirectCall::programVersion,
                    XdrCodecs.INT,
                    IndirectCall::procedure,
                    XdrCodecs.opaque(PortmapProtocol.INDIRECT_BYTES_MAX),
                    IndirectCall::arguments,
                    IndirectCall::new);

    private static final XdrCodec<IndirectReply> INDIRECT_REPLY =
            XdrRecords.of(
                    TEXT,
                    IndirectReply::address,
                    XdrCodecs.opaque(PortmapProtocol.INDIRECT_BYTES_MAX),
                    IndirectReply::results,
                    IndirectReply::new);

    /**
     * What came of an indirect call.
     *
     * @param address universal address of the program
     * @param results encoded results
     */
    public record IndirectReply(String address, Opaque results) {}

    /**
     * {@code RPCBPROC_BCAST}, number 5 of version 4: calls a program over UDP; no answer when that
     * fails.
     */
    public static final Procedure<IndirectCall, IndirectReply> BROADCAST =
            new Procedure<>(program(4), 5, "RPCBPROC_BCAST", INDIRECT_CALL, INDIRECT_REPLY);

    /** {@code RPCBPROC_INDIRECT}, number 10 of version 4: as BCAST, and failures are reported. */
    public static final Procedure<IndirectCall, IndirectReply> INDIRECT =
            new Procedure<>(program(4), 10, "RPCBPROC_INDIRECT", INDIRECT_CALL, INDIRECT_REPLY);

    /**
     * One address of a service (RFC 1833 section 2.1, {@code rpcb_entry}).
     *
     * @param address universal address
     * @param netid transport
     * @param semantics 1 connectionless, 2 connection-oriented, 3 with orderly release
     * @param family protocol family, as in "inet6"
     * @param protocol protocol, as in "udp", or "-"
     */
    public record AddressEntry(
            String address, String netid, int semantics, String family, String protocol) {}

    /**
     * {@code RPCBPROC_GETADDRLIST}, number 11 of version 4: all addresses of a version in the
     * family of the transport that asks.
     */
    public static final Procedure<Registration, List<AddressEntry>> GET_ADDRESS_LIST =
            new Procedure<>(
                    program(4),
                    11,
                    "RPCBPROC_GETADDRLIST",
                    REGISTRATION,
                    XdrCodecs.linkedList(
                            XdrRecords.of(
                                    TEXT,
                                    AddressEntry::address,
                                    TEXT,
                                    AddressEntry::netid,
                                    XdrCodecs.INT,
                                    AddressEntry::semantics,
                                    TEXT,
                                    AddressEntry::family,
                                    TEXT,
                                    AddressEntry::protocol,
                                    AddressEntry::new),
                            REGISTRATIONS_MAX));

    /** {@code RPCBPROC_GETSTAT}, number 12 of version 4: what the daemon has counted. */
    public static final Procedure<Nothing, RpcbindStatistics> GET_STATISTICS =
            new Procedure<>(
                    program(4),
                    12,
                    "RPCBPROC_GETSTAT",
                    XdrCodecs.VOID,
                    StatisticsCodecs.STATISTICS);

    private static ProgramVersion program(int version) {
        return new ProgramVersion(PROGRAM_NUMBER, version);
    }

    private static RpcbindProtocol version(int version) {
        ProgramVersion program = program(version);
        return new RpcbindProtocol(
                new Procedure<>(program, 0, "RPCBPROC_NULL", XdrCodecs.VOID, XdrCodecs.VOID),
                new Procedure<>(program, 1, "RPCBPROC_SET", REGISTRATION, XdrCodecs.BOOLEAN),
                new Procedure<>(program, 2, "RPCBPROC_UNSET", REGISTRATION, XdrCodecs.BOOLEAN),
                new Procedure<>(program, 3, "RPCBPROC_GETADDR", REGISTRATION, TEXT),
                new Procedure<>(
                        program,
                        4,
                        "RPCBPROC_DUMP",
                        XdrCodecs.VOID,
                        XdrCodecs.linkedList(REGISTRATION, REGISTRATIONS_MAX)),
                new Procedure<>(program, 6, "RPCBPROC_GETTIME", XdrCodecs.VOID, XdrCodecs.INT));
    }
}
