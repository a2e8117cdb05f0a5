package org.oncrpckit.rpc;

import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.oncrpckit.testing.CodecContract;
import org.oncrpckit.testing.Sample;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Golden bytes of the messages of RFC 5531, and the contract that every codec keeps. */
class MessageSamplesTest extends CodecContract {
    private static final ProgramVersion NLM = new ProgramVersion(100021, 4);
    private static final OpaqueAuth SHORT =
            new OpaqueAuth(AuthFlavor.SHORT, Opaque.ofUtf8("abcde"));

    /** How to read a value. */
    @FunctionalInterface
    private interface Decoder<T> {
        T decode(XdrReader reader) throws XdrException;
    }

    private static <T> XdrCodec<T> codec(BiConsumer<T, XdrWriter> encoder, Decoder<T> decoder) {
        return new XdrCodec<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                encoder.accept(value, writer);
            }

            @Override
            public T decode(XdrReader reader) throws XdrException {
                return decoder.decode(reader);
            }
        };
    }

    private static final XdrCodec<CallHeader> CALL = codec(CallHeader::encode, CallHeader::decode);
    private static final XdrCodec<ReplyHeader> REPLY =
            codec(ReplyHeader::encode, ReplyHeader::decode);
    private static final XdrCodec<OpaqueAuth> AUTH = codec(OpaqueAuth::encode, OpaqueAuth::decode);
    private static final XdrCodec<AuthSys> AUTH_SYS =
            codec(
                    (value, writer) -> value.toOpaqueAuth().encode(writer),
                    reader -> AuthSys.decode(OpaqueAuth.decode(reader)));

    @Override
    protected Stream<Sample<?>> samples() {
        return Stream.of(calls(), accepted(), denied(), credentials()).flatMap(s -> s);
    }

    private static Stream<Sample<?>> calls() {
        return Stream.of(
                Sample.of(
                        "call without authentication",
                        CALL,
                        new CallHeader(0x12345678, NLM, 2),
                        "12345678 00000000 00000002 000186b5 00000004 00000002",
                        "00000000 00000000 00000000 00000000"),
                Sample.of(
                        "call with a credential and a verifier",
                        CALL,
                        new CallHeader(
                                -1,
                                new ProgramVersion(-2, -3),
                                -4,
                                SHORT,
                                new OpaqueAuth(-5, Opaque.ofUtf8("v"))),
                        "ffffffff 00000000 00000002 fffffffe fffffffd fffffffc",
                        "00000002 00000005 61626364 65000000 fffffffb 00000001 76000000"),
                Sample.of(
                        "call with AUTH_SYS",
                        CALL,
                        new CallHeader(
                                7,
                                NLM,
                                0,
                                new AuthSys(9, Opaque.ofUtf8("ab"), 1000, 100, List.of(10))
                                        .toOpaqueAuth(),
                                OpaqueAuth.NONE),
                        "00000007 00000000 00000002 000186b5 00000004 00000000",
                        "00000001 0000001c 00000009 00000002 61620000 000003e8 00000064",
                        "00000001 0000000a 00000000 00000000"));
    }

    private static Stream<Sample<?>> accepted() {
        return Stream.of(
                Sample.of(
                        "success",
                        REPLY,
                        ReplyHeader.success(0x12345678),
                        "12345678 00000001 00000000 00000000 00000000 00000000"),
                Sample.of(
                        "success with a verifier",
                        REPLY,
                        new ReplyHeader.Accepted(1, SHORT, AcceptStatus.SUCCESS),
                        "00000001 00000001 00000000",
                        "00000002 00000005 61626364 65000000 00000000"),
                accepted(AcceptStatus.PROG_UNAVAIL, "00000001"),
                Sample.of(
                        "PROG_MISMATCH",
                        REPLY,
                        new ReplyHeader.ProgramMismatch(3, OpaqueAuth.NONE, new VersionRange(1, 4)),
                        "00000003 00000001 00000000 00000000 00000000 00000002 00000001 00000004"),
                accepted(AcceptStatus.PROC_UNAVAIL, "00000003"),
                accepted(AcceptStatus.GARBAGE_ARGS, "00000004"),
                accepted(AcceptStatus.SYSTEM_ERR, "00000005"));
    }

    private static Sample<?> accepted(AcceptStatus status, String word) {
        return Sample.of(
                status.name(),
                REPLY,
                new ReplyHeader.Accepted(2, OpaqueAuth.NONE, status),
                "00000002 00000001 00000000 00000000 00000000",
                word);
    }

    private static Stream<Sample<?>> denied() {
        return Stream.of(
                Sample.of(
                        "RPC_MISMATCH",
                        REPLY,
                        new ReplyHeader.RpcMismatch(4, new VersionRange(2, 2)),
                        "00000004 00000001 00000001 00000000 00000002 00000002"),
                Sample.of(
                        "AUTH_ERROR",
                        REPLY,
                        new ReplyHeader.AuthError(5, AuthStatus.AUTH_TOOWEAK),
                        "00000005 00000001 00000001 00000001 00000005"),
                Sample.of(
                        "AUTH_ERROR of RPCSEC_GSS",
                        REPLY,
                        new ReplyHeader.AuthError(5, AuthStatus.RPCSEC_GSS_CTXPROBLEM),
                        "00000005 00000001 00000001 00000001 0000000e"));
    }

    private static Stream<Sample<?>> credentials() {
        return Stream.of(
                Sample.of("AUTH_NONE", AUTH, OpaqueAuth.NONE, "00000000 00000000"),
                Sample.of(
                        "AUTH_NONE with a body",
                        AUTH,
                        new OpaqueAuth(AuthFlavor.NONE, Opaque.ofUtf8("x")),
                        "00000000 00000001 78000000"),
                Sample.of(
                        "body of 400 bytes",
                        AUTH,
                        new OpaqueAuth(AuthFlavor.RPCSEC_GSS, Opaque.copyOf(new byte[400])),
                        "00000006 00000190",
                        "00".repeat(400)),
                Sample.of(
                        "AUTH_SYS",
                        AUTH_SYS,
                        new AuthSys(-1, Opaque.ofUtf8("guest"), 0, -2, List.of(4, -1)),
                        "00000001 00000024 ffffffff 00000005 67756573 74000000",
                        "00000000 fffffffe 00000002 00000004 ffffffff"),
                Sample.of(
                        "AUTH_SYS with a name of 255 bytes and 16 groups",
                        AUTH_SYS,
                        new AuthSys(
                                0,
                                Opaque.ofUtf8("m".repeat(255)),
                                1,
                                2,
                                Collections.nCopies(16, 3)),
                        "00000001 00000154 00000000 000000ff",
                        "6d".repeat(255),
                        "00 00000001 00000002 00000010",
                        "00000003".repeat(16)));
    }
}
