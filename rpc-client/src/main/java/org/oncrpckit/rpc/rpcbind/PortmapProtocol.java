package org.oncrpckit.rpc.rpcbind;

import java.util.List;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrRecords;
import org.oncrpckit.xdr.XdrWriter;

/** The port mapper, version 2 of rpcbind (RFC 1833 section 3): IPv4 ports only. */
public final class PortmapProtocol {
    /** Program 100000, version 2. */
    public static final ProgramVersion PROGRAM =
            new ProgramVersion(RpcbindProtocol.PROGRAM_NUMBER, 2);

    /** IP protocol number of TCP. */
    public static final int TCP = 6;

    /** IP protocol number of UDP. */
    public static final int UDP = 17;

    /** Most mappings in one list. */
    public static final int MAPPINGS_MAX = 4096;

    /** Longest arguments and results of an indirect call: they travel in one datagram. */
    public static final int INDIRECT_BYTES_MAX = 8800;

    /**
     * A port that a program listens on.
     *
     * <pre>
     * +---------+---------+----------+------+
     * | program | version | protocol | port |
     * +---------+---------+----------+------+
     * </pre>
     *
     * @param programVersion program and version
     * @param protocol {@link #TCP} or {@link #UDP}
     * @param port 0 to 65535; ignored where a mapping is asked for or taken back
     */
    public record Mapping(ProgramVersion programVersion, int protocol, int port) {
        /** Checks the port. */
        public Mapping {
            checkPort(port);
        }
    }

    /**
     * A call that the port mapper is to pass on to a program on its host.
     *
     * @param programVersion program and version
     * @param procedure procedure number
     * @param arguments encoded arguments
     */
    public record IndirectCall(ProgramVersion programVersion, int procedure, Opaque arguments) {}

    /**
     * What came of an indirect call; the port mapper answers only when the program did.
     *
     * @param port of the program
     * @param results encoded results
     */
    public record IndirectReply(int port, Opaque results) {}

    private static final XdrCodec<Integer> PORT = new PortCodec();

    private static final XdrCodec<Mapping> MAPPING =
            XdrRecords.of(
                    RpcbindProtocol.PROGRAM_VERSION,
                    Mapping::programVersion,
                    XdrCodecs.INT,
                    Mapping::protocol,
                    PORT,
                    Mapping::port,
                    Mapping::new);

    /** Does nothing: is the port mapper there? */
    public static final Procedure<Nothing, Nothing> NULL =
            procedure(0, "PMAPPROC_NULL", XdrCodecs.VOID, XdrCodecs.VOID);

    /** Registers a port; false when the program has another one already. */
    public static final Procedure<Mapping, Boolean> SET =
            procedure(1, "PMAPPROC_SET", MAPPING, XdrCodecs.BOOLEAN);

    /** Takes back all ports of a program and version, whatever the protocol. */
    public static final Procedure<Mapping, Boolean> UNSET =
            procedure(2, "PMAPPROC_UNSET", MAPPING, XdrCodecs.BOOLEAN);

    /** The port of a program, version and protocol; 0 when there is none. */
    public static final Procedure<Mapping, Integer> GETPORT =
            procedure(3, "PMAPPROC_GETPORT", MAPPING, PORT);

    /** All mappings. */
    public static final Procedure<Nothing, List<Mapping>> DUMP =
            procedure(
                    4,
                    "PMAPPROC_DUMP",
                    XdrCodecs.VOID,
                    XdrCodecs.linkedList(MAPPING, MAPPINGS_MAX));

    /** Calls a program over UDP; no answer when that fails. */
    public static final Procedure<IndirectCall, IndirectReply> CALLIT =
            procedure(
                    5,
                    "PMAPPROC_CALLIT",
                    XdrRecords.of(
                            RpcbindProtocol.PROGRAM_VERSION,
                            IndirectCall::programVersion,
                            XdrCodecs.INT,
                            IndirectCall::procedure,
                            XdrCodecs.opaque(INDIRECT_BYTES_MAX),
                            IndirectCall::arguments,
                            IndirectCall::new),
                    XdrRecords.of(
                            PORT,
                            IndirectReply::port,
                            XdrCodecs.opaque(INDIRECT_BYTES_MAX),
                            IndirectReply::results,
                            IndirectReply::new));

    private PortmapProtocol() {}

    private static <A, R> Procedure<A, R> procedure(
            int number, String name, XdrCodec<A> arguments, XdrCodec<R> results) {
        return new Procedure<>(PROGRAM, number, name, arguments, results);
    }

    private static void checkPort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "port " + Integer.toUnsignedString(port) + " (limit 65535)");
        }
    }

    /** A port travels in 32 bits, of which 16 may be used. */
    private static final class PortCodec implements XdrCodec<Integer> {
        @Override
        public void encode(XdrWriter writer, Integer port) {
            checkPort(port);
            writer.writeInt(port);
        }

        @Override
        public Integer decode(XdrReader reader) throws XdrException {
            return reader.readLength(65_535);
        }
    }
}
