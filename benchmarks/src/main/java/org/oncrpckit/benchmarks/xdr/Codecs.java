package org.oncrpckit.benchmarks.xdr;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.xdr.Xdr;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The arguments of an NLM LOCK, encoded and decoded, and the header of a call with an AUTH_SYS
 * credential, decoded: by our codecs, and by oncrpc4j's streams in the way of its generated
 * classes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class Codecs {
    private static final int CAPACITY_BYTES = 512;

    /** xid, type, RPC version, program, version, procedure, flavour. */
    private static final int HEADER_FIELDS = 7;

    private static final Procedure<LockArgs, StatusReply> LOCK = NlmVersion.V4.lock().call();

    private final LockArgs ours =
            new LockArgs(
                    Opaque.copyOf(new byte[] {1, 2, 3, 4}),
                    true,
                    true,
                    new WireLock(
                            HostName.of("client.example.org"),
                            Opaque.copyOf(new byte[32]),
                            Opaque.copyOf("12@client".getBytes(StandardCharsets.UTF_8)),
                            12,
                            4096,
                            8192),
                    false,
                    3);
    private final StubLockArgs theirs =
            new StubLockArgs(
                    new byte[] {1, 2, 3, 4},
                    "client.example.org",
                    new byte[32],
                    "12@client".getBytes(StandardCharsets.UTF_8));
    private final XdrWriter writer = new XdrWriter(CAPACITY_BYTES);
    private final Xdr xdr = new Xdr(CAPACITY_BYTES);
    private byte[] encoded = {};
    private byte[] header = {};

    /** Encodes what the decoders decode. */
    @Setup
    public void encode() {
        writer.clear();
        LOCK.arguments().encode(writer, ours);
        encoded = writer.toByteArray();
        writer.clear();
        new CallHeader(
                        1,
                        LOCK.programVersion(),
                        LOCK.number(),
                        new AuthSys(
                                        0,
                                        Opaque.copyOf("client".getBytes(StandardCharsets.UTF_8)),
                                        1000,
                                        1000,
                                        List.of(10, 20, 30, 40))
                                .toOpaqueAuth(),
                        OpaqueAuth.NONE)
                .encode(writer);
        header = writer.toByteArray();
    }

    /** Ours. */
    @Benchmark
    public int encodeLock() {
        writer.clear();
        LOCK.arguments().encode(writer, ours);
        return writer.position();
    }

    /** oncrpc4j's. */
    @Benchmark
    public int encodeLockOncrpc4j() throws IOException {
        xdr.beginEncoding();
        theirs.xdrEncode(xdr);
        xdr.endEncoding();
        return xdr.asBuffer().remaining();
    }

    /** Ours. */
    @Benchmark
    public LockArgs decodeLock() throws IOException {
        return LOCK.arguments().decode(XdrReader.of(ByteBuffer.wrap(encoded)));
    }

    /** oncrpc4j's. */
    @Benchmark
    public StubLockArgs decodeLockOncrpc4j() throws IOException {
        Xdr from = new Xdr(encoded);
        from.beginDecoding();
        StubLockArgs args = new StubLockArgs();
        args.xdrDecode(from);
        return args;
    }

    /** Ours. */
    @Benchmark
    public AuthSys decodeHeader() throws IOException {
        CallHeader call = CallHeader.decode(XdrReader.of(ByteBuffer.wrap(header)));
        return AuthSys.decode(call.credential());
    }

    /** oncrpc4j's, field by field as its {@code RpcCall} does. */
    @Benchmark
    public RpcAuthTypeUnix decodeHeaderOncrpc4j() throws IOException {
        Xdr from = new Xdr(header);
        from.beginDecoding();
        for (int field = 0; field < HEADER_FIELDS; field++) {
            from.xdrDecodeInt();
        }
        RpcAuthTypeUnix credential = new RpcAuthTypeUnix();
        credential.xdrDecode(from);
        return credential;
    }
}
