package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.transport.Transport;

/** Every reply of RFC 5531 section 9, byte for byte. */
class ConformanceTest {
    private static final String XID = "0badcafe";

    /** AUTH_NONE with an empty body: a verifier, or a credential. */
    private static final String NONE = "00000000 00000000";

    private final Echo echo = new Echo();
    private final SimulatedServer simulated = new SimulatedServer(echo.program());

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void errorRepliesAreWhatTheRfcSays(Transport transport) {
        SimulatedServer.Caller caller = simulated.caller(transport, "10.0.0.2");

        // xid, call, RPC version, program, version, procedure, credential, verifier, arguments
        String v1 = "20000101 00000001";
        expect(caller, header("00000002", v1 + "00000000") + NONE + NONE, accepted("00000000"));
        expect(
                caller,
                header("00000002", v1 + "00000001") + NONE + NONE + "00000002 68690000",
                accepted("00000000") + "00000002 68690000");
        expect(
                caller,
                header("00000002", "2000ffff 00000001 00000000") + NONE + NONE,
                accepted("00000001"));
        for (String version : new String[] {"00000000", "00000002", "00000004", "ffffffff"}) {
            expect(
                    caller,
                    header("00000002", "20000101" + version + "00000000") + NONE + NONE,
                    accepted("00000002") + "00000001 00000003");
        }
        expect(caller, header("00000002", v1 + "00000007") + NONE + NONE, accepted("00000003"));
        expect(caller, header("00000002", v1 + "ffffffff") + NONE + NONE, accepted("00000003"));
        expect(
                caller,
                header("00000002", v1 + "00000001") + NONE + NONE + "7fffffff",
                accepted("00000004"));
        echo.hook =
                (call, argument) -> {
                    throw new IllegalStateException("disk gone");
                };
        expect(
                caller,
                header("00000002", "20000101 00000003 00000007") + NONE + NONE + "00000001",
                accepted("00000005"));
        for (String version : new String[] {"00000000", "00000001", "00000003"}) {
            expect(
                    caller,
                    header(version, v1 + "00000000") + NONE + NONE,
                    denied("00000000 00000002 00000002"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void badCredentialsAreDeniedAndNeverDispatched(Transport transport) {
        SimulatedServer.Caller caller = simulated.caller(transport, "10.0.0.2");
        String echoV1 = "20000101 00000001 00000001";
        String argument = "00000002 68690000";

        // Flavours that nobody understands here: AUTH_SHORT, AUTH_DH, RPCSEC_GSS, AUTH_TLS, -1.
        for (String flavor :
                new String[] {"00000002", "00000003", "00000006", "00000007", "ffffffff"}) {
            expect(
                    caller,
                    header("00000002", echoV1)
                            + flavor
                            + "00000000"
                            + "00000000 00000000"
                            + argument,
                    denied("00000001 00000002"));
        }
        // AUTH_SYS: empty, machine name of 256 bytes announced, 17 groups announced.
        expect(
                caller,
                header("00000002", echoV1) + "00000001 00000000" + NONE + argument,
                denied("00000001 00000001"));
        expect(
                caller,
                header("00000002", echoV1)
                        + "00000001 00000014 00000000 00000100 00000000 00000000 00000000"
                        + NONE
                        + argument,
                denied("00000001 00000001"));
        expect(
                caller,
                header("00000002", echoV1)
                        + "00000001 00000014 00000000 00000000 00000000 00000000 00000011"
                        + NONE
                        + argument,
                denied("00000001 00000001"));
        // Bodies longer than 400 bytes, first of the credential, then of the verifier.
        expect(
                caller,
                header("00000002", echoV1) + "00000000 00000191" + "00".repeat(404),
                denied("00000001 00000001"));
        expect(
                caller,
                header("00000002", echoV1) + NONE + "00000000 7fffffff",
                denied("00000001 00000003"));

        assertThat(echo.executed).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void whatIsNoCallGetsNoAnswer(Transport transport) {
        SimulatedServer.Caller caller = simulated.caller(transport, "10.0.0.2");
        byte[] whole =
                SimulatedServer.call(7, Echo.ECHO, "a text that is longer than the header is");

        for (int length = 0; length < 40; length++) {
            caller.send(java.util.Arrays.copyOf(whole, length));
            assertThat(caller.replies).as("%d bytes of a header", length).isEmpty();
        }
        for (int length = 40; length < whole.length; length++) {
            caller.send(java.util.Arrays.copyOf(whole, length));
            assertThat(caller.reply())
                    .as("%d bytes", length)
                    .isEqualTo(plain("00000007 00000001 00000000" + NONE + "00000004"));
        }
        assertThat(echo.executed).isEmpty();
        caller.send(whole);
        assertThat(echo.executed).hasSize(1);
    }

    private void expect(SimulatedServer.Caller caller, String call, String reply) {
        caller.send(HexFormat.of().parseHex(plain(call)));
        assertThat(caller.reply()).as(call).isEqualTo(plain(reply));
    }

    private static String header(String rpcVersion, String target) {
        return XID + "00000000" + rpcVersion + target;
    }

    private static String accepted(String status) {
        return XID + "00000001 00000000" + NONE + status;
    }

    private static String denied(String why) {
        return XID + "00000001 00000001" + why;
    }

    private static String plain(String spaced) {
        return spaced.replace(" ", "");
    }
}
