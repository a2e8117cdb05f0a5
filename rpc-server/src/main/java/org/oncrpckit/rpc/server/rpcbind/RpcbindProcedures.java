package org.oncrpckit.rpc.server.rpcbind;

import java.util.List;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.rpcbind.RpcbindProtocol;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrRecords;

/** The procedures that only rpcinfo and its kin ask for (RFC 1833 section 2). */
final class RpcbindProcedures {
    /** Longest socket address that is looked at: a path of a UNIX-domain socket has 110 bytes. */
    private static final int SOCKET_ADDRESS_BYTES_MAX = 128;

    private static final int LIST_MAX = RpcbindProtocol.REGISTRATIONS_MAX;

    private static final XdrCodec<String> TEXT = XdrCodecs.string(RpcbindProtocol.TEXT_BYTES_MAX);

    /**
     * A socket address as the host's own system calls have it.
     *
     * <pre>
     * +----------------+-----------------+
     * | room for bytes | bytes (opaque)  |
     * +----------------+-----------------+
     * </pre>
     */
    record NetBuffer(int room, Opaque bytes) {}

    /** One way to reach a service, with what the transport is made of. */
    record Way(String address, String netid, int semantics, String family, String protocol) {}

    /** How often an address was asked for. */
    record AddressCount(ProgramVersion programVersion, int found, int missed, String netid) {}

    /** What was asked of one version of rpcbind; calls on behalf of others are always none. */
    record VersionCounts(List<Integer> calls, int set, int unset, List<AddressCount> addresses) {}

    private static final XdrCodec<ProgramVersion> PROGRAM_VERSION =
            XdrRecords.of(
                    XdrCodecs.INT,
                    ProgramVersion::program,
                    XdrCodecs.INT,
                    ProgramVersion::version,
                    ProgramVersion::new);

    private static final XdrCodec<NetBuffer> NET_BUFFER =
            XdrRecords.of(
                    XdrCodecs.INT,
                    NetBuffer::room,
                    XdrCodecs.opaque(SOCKET_ADDRESS_BYTES_MAX),
                    NetBuffer::bytes,
                    NetBuffer::new);

    private static final XdrCodec<Way> WAY =
            XdrRecords.of(
                    TEXT,
                    Way::address,
                    TEXT,
                    Way::netid,
                    XdrCodecs.INT,
                    Way::semantics,
                    TEXT,
                    Way::family,
                    TEXT,
                    Way::protocol,
                    Way::new);

    private static final XdrCodec<AddressCount> ADDRESS_COUNT =
            XdrRecords.of(
                    PROGRAM_VERSION,
                    AddressCount::programVersion,
                    XdrCodecs.INT,
                    AddressCount::found,
                    XdrCodecs.INT,
                    AddressCount::missed,
                    TEXT,
                    AddressCount::netid,
                    AddressCount::new);

    /** Numbers of procedures that GETSTAT counts. */
    static final int COUNTED_PROCEDURES = 13;

    /** Versions 2, 3 and 4. */
    static final int COUNTED_VERSIONS = 3;

    private static final XdrCodec<VersionCounts> VERSION_COUNTS =
            XdrRecords.of(
                    XdrCodecs.fixedArray(XdrCodecs.INT, COUNTED_PROCEDURES),
                    VersionCounts::calls,
                    XdrCodecs.INT,
                    VersionCounts::set,
                    XdrCodecs.INT,
                    VersionCounts::unset,
                    XdrCodecs.linkedList(ADDRESS_COUNT, LIST_MAX),
                    VersionCounts::addresses,
                    // The list of calls on behalf of others.
                    XdrCodecs.linkedList(XdrCodecs.VOID, 0),
                    counts -> List.<Nothing>of(),
                    (calls, set, unset, addresses, none) ->
                            new VersionCounts(calls, set, unset, addresses));

    /**
     * {@code RPCBPROC_GETADDRLIST}, number 11 of version 4: all ways to reach exactly a version.
     */
    static final Procedure<Registration, List<Way>> GET_ADDRESS_LIST =
            new Procedure<>(
                    RpcbindProtocol.V4.getAddress().programVersion(),
                    11,
                    "RPCBPROC_GETADDRLIST",
                    RpcbindProtocol.V4.getAddress().arguments(),
                    XdrCodecs.linkedList(WAY, LIST_MAX));

    /** {@code RPCBPROC_GETSTAT}, number 12 of version 4. */
    static final Procedure<Nothing, List<VersionCounts>> GET_STATISTICS =
            new Procedure<>(
                    RpcbindProtocol.V4.getAddress().programVersion(),
                    12,
                    "RPCBPROC_GETSTAT",
                    XdrCodecs.VOID,
                    XdrCodecs.fixedArray(VERSION_COUNTS, COUNTED_VERSIONS));

    private RpcbindProcedures() {}

    /** {@code RPCBPROC_UADDR2TADDR}, number 7 of versions 3 and 4. */
    static Procedure<String, NetBuffer> toSocketAddress(ProgramVersion version) {
        return new Procedure<>(version, 7, "RPCBPROC_UADDR2TADDR", TEXT, NET_BUFFER);
    }

    /** {@code RPCBPROC_TADDR2UADDR}, number 8 of versions 3 and 4. */
    static Procedure<NetBuffer, String> toUniversalAddress(ProgramVersion version) {
        return new Procedure<>(version, 8, "RPCBPROC_TADDR2UADDR", NET_BUFFER, TEXT);
    }
}
