package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Flavours: the two that are there, and one of the kind that RPCSEC_GSS and AUTH_TLS are. */
class AuthenticatorTest {
    private static final int TOY = 390_999;
    private static final byte KEY = 0x5a;

    private final Echo echo = new Echo();

    @Test
    void handlersSeeWhoCalls() {
        List<Credential> seen = new ArrayList<>();
        echo.hook =
                (call, argument) -> {
                    seen.add(call.credential());
                    return argument;
                };
        SimulatedServer simulated = new SimulatedServer(echo.program());
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        AuthSys root =
                new AuthSys(
                        9,
                        Opaque.copyOf("client".getBytes(StandardCharsets.US_ASCII)),
                        0,
                        0,
                        List.of(1, 2, 3));

        caller.call(1, Echo.HOOK, 1);
        caller.send(SimulatedServer.call(2, Echo.HOOK, 1, root.toOpaqueAuth()));

        assertThat(seen).containsExactly(Credential.None.NONE, new Credential.Sys(root));
        assertThat(seen.get(1).flavor()).isEqualTo(1);
    }

    @Test
    void flavourOfOnesOwnProvesItselfSealsAndAnswersItsOwnCalls() {
        List<String> done = new ArrayList<>();
        SimulatedServer simulated =
                new SimulatedServer(
                        builder -> builder.program(echo.program()).authenticator(new Toy(done)));
        SimulatedServer.Caller caller = simulated.caller(Transport.TCP, "10.0.0.2");
        String verifier = "0005f75700000004" + "ffffffff";

        // A call for the flavour itself: answered without a program.
        caller.send(SimulatedServer.call(1, Echo.ECHO, "", credential("init")));
        assertThat(caller.reply())
                .isEqualTo("00000001" + "0000000100000000" + verifier + "00000000" + "01020304");
        assertThat(done).containsExactly("after");
        assertThat(echo.executed).isEmpty();

        // A sealed call: arguments are opened, results sealed, the server proves itself.
        byte[] call = SimulatedServer.call(2, Echo.ECHO, "hi", credential("data"));
        crypt(call, call.length - 8, call.length);
        caller.send(call);
        assertThat(echo.executed).containsExactly("hi");
        assertThat(caller.reply())
                .isEqualTo(
                        "00000002"
                                + "0000000100000000"
                                + verifier
                                + "00000000"
                                + "5a5a5a58"
                                + "32335a5a");

        // The seal is broken: GARBAGE_ARGS, with the verifier too.
        caller.send(SimulatedServer.call(3, Echo.ECHO, "hi", credential("data")));
        assertThat(caller.reply())
                .isEqualTo("00000003" + "0000000100000000" + verifier + "00000004");

        // Refused, ignored, failed.
        caller.send(SimulatedServer.call(4, Echo.ECHO, "hi", credential("deny")));
        assertThat(caller.reply()).isEqualTo("00000004" + "0000000100000001000000010000000d");
        caller.send(SimulatedServer.call(5, Echo.ECHO, "hi", credential("drop")));
        assertThat(caller.replies).isEmpty();
        caller.send(SimulatedServer.call(6, Echo.ECHO, "hi", credential("fail")));
        assertThat(caller.reply()).isEqualTo("00000006" + "00000001000000010000000100000007");
        assertThat(simulated.server.statistics().callsInProgress()).isZero();
    }

    private static OpaqueAuth credential(String kind) {
        return new OpaqueAuth(TOY, Opaque.copyOf(kind.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void crypt(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            bytes[i] ^= KEY;
        }
    }

    private record Toy(List<String> done) implements Authenticator {
        private static final OpaqueAuth VERIFIER =
                new OpaqueAuth(TOY, Opaque.copyOf(new byte[] {-1, -1, -1, -1}));

        private record Caller(int flavor) implements Credential {}

        @Override
        public int flavor() {
            return TOY;
        }

        @Override
        public Authentication authenticate(Request request) {
            byte[] body = request.header().credential().body().toByteArray();
            return switch (new String(body, StandardCharsets.US_ASCII)) {
                case "init" ->
                        new Authentication.Answered(
                                VERIFIER,
                                Opaque.copyOf(new byte[] {1, 2, 3, 4}),
                                () -> done.add("after"));
                case "data" -> new Authentication.Accepted(new Caller(TOY), VERIFIER, new Xor());
                case "deny" -> new Authentication.Rejected(AuthStatus.RPCSEC_GSS_CREDPROBLEM);
                case "drop" -> new Authentication.Ignored();
                default -> throw new IllegalStateException("unknown kind");
            };
        }
    }

    /** Encrypts, so to speak; opens only what is a short string afterwards. */
    private static final class Xor implements MessageSeal {
        @Override
        public XdrReader open(XdrReader arguments) throws XdrException {
            byte[] bytes = arguments.readFixedBytes(arguments.remaining());
            crypt(bytes, 0, bytes.length);
            if (bytes[0] != 0) {
                throw new XdrException("seal broken");
            }
            return XdrReader.of(ByteBuffer.wrap(bytes));
        }

        @Override
        public void close(XdrWriter writer, int start) {
            byte[] all = writer.toByteArray();
            crypt(all, start, all.length);
            writer.truncate(start);
            writer.writeRaw(ByteBuffer.wrap(all, start, all.length - start));
        }
    }
}
