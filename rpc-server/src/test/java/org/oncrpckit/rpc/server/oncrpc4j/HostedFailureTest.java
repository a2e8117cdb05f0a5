package org.oncrpckit.rpc.server.oncrpc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.stream.Stream;
import org.dcache.oncrpc4j.rpc.OncRpcRejectedException;
import org.dcache.oncrpc4j.rpc.RpcAuthError;
import org.dcache.oncrpc4j.rpc.RpcAuthException;
import org.dcache.oncrpc4j.rpc.RpcAuthStat;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcRejectStatus;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.dcache.oncrpc4j.xdr.XdrInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.XdrWriter;

/** What a hosted service says when it does not succeed, and what is said for it. */
class HostedFailureTest {
    private static final String ACCEPTED = "00000001000000010000000000000000000000000000000";
    private static final String AUTH_ERROR = "00000001000000010000000100000001";

    /** Something a service may do with a call. */
    @FunctionalInterface
    interface Deed {
        void doTo(RpcCall call) throws IOException;
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                deed("PROG_UNAVAIL", RpcCall::failProgramUnavailable, ACCEPTED + "1"),
                deed(
                        "PROG_MISMATCH",
                        call -> call.failProgramMismatch(2, 5),
                        ACCEPTED + "20000000200000005"),
                deed("PROC_UNAVAIL", RpcCall::failProcedureUnavailable, ACCEPTED + "3"),
                deed("GARBAGE_ARGS", RpcCall::failRpcGarbage, ACCEPTED + "4"),
                deed("SYSTEM_ERR", RpcCall::failRpcSystem, ACCEPTED + "5"),
                deed("unknown", call -> call.acceptedReply(77, new XdrInt(1)), ACCEPTED + "5"),
                deed(
                        "AUTH_ERROR",
                        call ->
                                call.reject(
                                        RpcRejectStatus.AUTH_ERROR,
                                        new RpcAuthError(RpcAuthStat.AUTH_TOOWEAK)),
                        AUTH_ERROR + "00000005"));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                deed(
                        "RpcException",
                        call -> {
                            throw new RpcAuthException(
                                    "no", new RpcAuthError(RpcAuthStat.AUTH_BADCRED));
                        },
                        AUTH_ERROR + "00000001"),
                deed(
                        "IOException",
                        call -> {
                            throw new EOFException("disk gone");
                        },
                        ACCEPTED + "5"),
                deed(
                        "failed call to another server",
                        call -> {
                            throw new OncRpcRejectedException(1);
                        },
                        ACCEPTED + "5"),
                deed(
                        "RuntimeException",
                        call -> {
                            throw new IllegalStateException("test");
                        },
                        ACCEPTED + "5"),
                deed(
                        "Error",
                        call -> {
                            throw new AssertionError("test");
                        },
                        ACCEPTED + "5"),
                deed("own bad data", call -> call.getXdr().xdrDecodeOpaque(4096), ACCEPTED + "4"),
                deed("results that fail", call -> call.reply(new Broken()), ACCEPTED + "5"));
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                deed(
                        "a message of its own",
                        call -> {
                            call.getXdr().beginEncoding();
                            call.getXdr().xdrEncodeInt(call.getXid());
                            for (int word : new int[] {1, 0, 0, 0, 0, 42}) {
                                call.getXdr().xdrEncodeInt(word);
                            }
                            call.getXdr().endEncoding();
                            call.getTransport().send(call.getXdr(), call, new Ignoring());
                        },
                        ACCEPTED + "00000002a"),
                deed(
                        "a message that is no reply",
                        call -> {
                            call.getXdr().beginEncoding();
                            call.getXdr().xdrEncodeInt(call.getXid());
                            call.getXdr().endEncoding();
                            call.getTransport().send(call.getXdr(), call, new Ignoring());
                        },
                        ACCEPTED + "5"));
    }

    private static Arguments deed(String name, Deed deed, String reply) {
        return arguments(name, deed, reply);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"replies", "failures", "messages"})
    void eachDeedHasItsReply(String name, Deed deed, String reply) throws Exception {
        Calculator service =
                new Calculator() {
                    @Override
                    void add(RpcCall call, Pair pair) throws IOException {
                        deed.doTo(call);
                    }
                };
        try (HostedService hosted = new HostedService(HostedService.calculator(service))) {
            hosted.send(HostedService.message(1, Calculator.ADD, 1, 2));
            assertThat(hosted.receive()).isEqualTo(reply);

            hosted.send(HostedService.message(2, 0));
            assertThat(hosted.receive()).startsWith("00000002");
        }
    }

    @Test
    void theServerKnowsTheVersions() throws Exception {
        try (HostedService hosted =
                new HostedService(HostedService.calculator(new Calculator.Honest()).version(4))) {
            XdrWriter call = new XdrWriter();
            new CallHeader(1, new ProgramVersion(Calculator.PROGRAM, 3), 0).encode(call);

            hosted.send(call.toByteArray());

            assertThat(hosted.receive()).isEqualTo(ACCEPTED + "20000000100000004");
        }
    }

    @Test
    void argumentsThatEndTooEarlyAreGarbage() throws Exception {
        assertGarbage(HostedService.message(1, Calculator.ADD, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 28, 3})
    void announcedLengthsAreNotBelieved(int length) throws Exception {
        assertGarbage(HostedService.message(1, Calculator.GREET, length));
        assertGarbage(HostedService.message(1, Calculator.TOTAL, length, 1, 2));
    }

    /** Generated code allocates such arrays by itself; the virtual machine refuses this one. */
    @Test
    void anArrayThatNoHeapCanHoldIsGarbage() throws Exception {
        assertGarbage(HostedService.message(1, Calculator.SUM, Integer.MAX_VALUE, 1, 2));
    }

    private static void assertGarbage(byte[] message) throws Exception {
        try (HostedService hosted =
                new HostedService(HostedService.calculator(new Calculator.Honest()))) {
            hosted.send(message);
            assertThat(hosted.receive()).isEqualTo(ACCEPTED + "4");

            hosted.send(HostedService.message(2, Calculator.SUM, 1, 3, 4));
            assertThat(hosted.receive()).endsWith("00000007");
        }
    }

    /** Fails half way. */
    private static final class Broken implements XdrAble {
        @Override
        public void xdrEncode(XdrEncodingStream xdr) throws IOException {
            xdr.xdrEncodeInt(1);
            throw new IOException("test");
        }

        @Override
        public void xdrDecode(XdrDecodingStream xdr) {}
    }

    private static final class Ignoring implements CompletionHandler<Integer, RpcCall> {
        @Override
        public void completed(Integer bytes, RpcCall call) {}

        @Override
        public void failed(Throwable failure, RpcCall call) {}
    }
}
