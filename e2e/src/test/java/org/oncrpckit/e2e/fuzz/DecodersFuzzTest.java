package org.oncrpckit.e2e.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.IncomingCall;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.RecordAssembler;
import org.oncrpckit.rpc.RecordLimits;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol;
import org.oncrpckit.rpc.rpcbind.RpcbindProtocol;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * Whatever the bytes, a decoder brings a value or an {@link XdrException}, nothing else; and a
 * value that was decoded is encoded to the very bytes it came from, because every value has exactly
 * one representation.
 */
class DecodersFuzzTest {
    private static final RecordLimits SMALL = new RecordLimits(4_096, 16);
    private static final int LENGTH_MAX = 64;

    private static final List<XdrCodec<?>> PRIMITIVES =
            List.of(
                    XdrCodecs.INT,
                    XdrCodecs.UNSIGNED_INT,
                    XdrCodecs.LONG,
                    XdrCodecs.UNSIGNED_LONG,
                    XdrCodecs.BOOLEAN,
                    XdrCodecs.VOID,
                    XdrCodecs.opaque(LENGTH_MAX),
                    XdrCodecs.opaque(Integer.MAX_VALUE),
                    XdrCodecs.fixedOpaque(5),
                    XdrCodecs.string(LENGTH_MAX),
                    XdrCodecs.array(XdrCodecs.LONG, Integer.MAX_VALUE),
                    XdrCodecs.fixedArray(XdrCodecs.INT, 3),
                    XdrCodecs.optional(XdrCodecs.string(LENGTH_MAX)),
                    XdrCodecs.linkedList(XdrCodecs.opaque(LENGTH_MAX), LENGTH_MAX));

    /** The first byte says which value the others are to be. */
    @FuzzTest
    void primitive(byte[] input) throws XdrException {
        if (input.length > 0) {
            decode(PRIMITIVES.get((input[0] & 0xff) % PRIMITIVES.size()), tail(input));
        }
    }

    @FuzzTest
    void recordMarking(byte[] input) {
        // The same records, or the same end, however the bytes are cut.
        List<ByteBuffer> whole = records(input, input.length + 1);
        assertThat(records(input, 1)).isEqualTo(whole);
        assertThat(records(input, 7)).isEqualTo(whole);
    }

    @FuzzTest
    void callHeader(byte[] input) throws XdrException {
        XdrReader reader = XdrReader.of(ByteBuffer.wrap(input));
        IncomingCall call;
        try {
            call = IncomingCall.decode(reader);
        } catch (XdrException e) {
            return;
        }
        if (call instanceof CallHeader header) {
            XdrWriter writer = new XdrWriter();
            header.encode(writer);
            assertThat(writer.toByteBuffer())
                    .isEqualTo(ByteBuffer.wrap(input, 0, reader.position()));
        }
    }

    @FuzzTest
    void credential(byte[] input) {
        XdrReader reader = XdrReader.of(ByteBuffer.wrap(input));
        try {
            AuthSys credential = AuthSys.decode(OpaqueAuth.decode(reader));
            assertThat(AuthSys.decode(credential.toOpaqueAuth())).isEqualTo(credential);
        } catch (XdrException e) {
            // Refused, as it should be.
        }
    }

    /** oncrpc4j's own decoder reads through our stream, which gives it no more than there is. */
    @FuzzTest
    void oncrpc4jCredential(byte[] input) {
        try {
            new RpcAuthTypeUnix().xdrDecode(XdrReader.of(ByteBuffer.wrap(input)));
        } catch (BadXdrOncRpcException e) {
            // Refused, as it should be.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The first byte says which procedure's arguments or results the others are to be. */
    @FuzzTest
    void rpcbind(byte[] input) throws XdrException {
        decode(
                input,
                PortmapProtocol.SET,
                PortmapProtocol.GETPORT,
                PortmapProtocol.DUMP,
                PortmapProtocol.CALLIT,
                RpcbindProtocol.V4.set(),
                RpcbindProtocol.V4.getAddress(),
                RpcbindProtocol.V4.dump(),
                RpcbindProtocol.INDIRECT,
                RpcbindProtocol.GET_ADDRESS_LIST,
                RpcbindProtocol.GET_STATISTICS);
    }

    @FuzzTest
    void statusMonitor(byte[] input) throws XdrException {
        decode(
                input,
                NsmProcedures.STAT,
                NsmProcedures.MON,
                NsmProcedures.UNMON,
                NsmProcedures.UNMON_ALL,
                NsmProcedures.NOTIFY);
    }

    /** The first byte says which version, the second which procedure. */
    @FuzzTest
    void lockManager(byte[] input) throws XdrException {
        if (input.length == 0) {
            return;
        }
        NlmVersion version = NlmVersion.all().get((input[0] & 0xff) % NlmVersion.all().size());
        decode(
                tail(input),
                version.test().call(),
                version.lock().call(),
                version.cancel().call(),
                version.unlock().call(),
                version.granted().call(),
                version.share(),
                version.unmonitoredLock(),
                version.freeAll(),
                version.statusCallBack());
    }

    /** The first byte says which procedure, and whether its arguments or its results. */
    private static void decode(byte[] input, Procedure<?, ?>... procedures) throws XdrException {
        if (input.length > 0) {
            int chosen = (input[0] & 0xff) % (2 * procedures.length);
            Procedure<?, ?> procedure = procedures[chosen / 2];
            if (chosen % 2 == 0) {
                decode(procedure.arguments(), tail(input));
            } else {
                decode(procedure.results(), tail(input));
            }
        }
    }

    private static <T> void decode(XdrCodec<T> codec, byte[] bytes) throws XdrException {
        XdrReader reader = XdrReader.of(ByteBuffer.wrap(bytes));
        T value;
        try {
            value = codec.decode(reader);
        } catch (XdrException | IllegalArgumentException e) {
            // A record that refuses a value in its constructor judges the bytes as well.
            return;
        }
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, value);
        assertThat(codec.decode(XdrReader.of(writer.toByteBuffer()))).isEqualTo(value);
        assertThat(writer.position()).isEqualTo(reader.position());
    }

    private static List<ByteBuffer> records(byte[] input, int portion) {
        RecordAssembler assembler = new RecordAssembler(SMALL);
        List<ByteBuffer> records = new ArrayList<>();
        try {
            for (int at = 0; at < input.length; at += portion) {
                ByteBuffer read =
                        ByteBuffer.wrap(input, at, Math.min(portion, input.length - at)).slice();
                while (assembler.next(read, record -> records.add(copy(record)))) {
                    // Until the portion is used up.
                }
                assertThat(assembler.gatheredCapacityBytes())
                        .isLessThanOrEqualTo(2 * SMALL.recordBytesMax());
            }
        } catch (XdrException e) {
            // The end of the connection; what came before counts.
        }
        return records;
    }

    private static ByteBuffer copy(ByteBuffer record) {
        return ByteBuffer.allocate(record.remaining()).put(record).flip();
    }

    private static byte[] tail(byte[] input) {
        return Arrays.copyOfRange(input, 1, input.length);
    }
}
