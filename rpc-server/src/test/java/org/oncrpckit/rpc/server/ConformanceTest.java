package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.transport.Transport;

/** Every reply of RFC 5531 section 9, byte for byte, over real sockets. */
class ConformanceTest {
    private static final String XID = "0badcafe";

    /** AUTH_NONE with an empty body: a verifier, or a credential. */
    private static final String NONE = "00000000 00000000";

    private static final String ARGUMENT = "00000002 68690000";

    private final Echo echo = new Echo();
    private SocketServer sockets;

    @BeforeEach
    void open() throws IOException {
        sockets = new SocketServer(echo.program());
    }

    @AfterEach
    void close() throws IOException {
        sockets.close();
    }

    @ParameterizedTest
    @EnumSource
    void repliesAreWhatTheRfcSays(Transport transport) throws IOException {
        try (RawCaller caller = sockets.caller(transport)) {
            String v1 = "20000101 00000001";
            expect(caller, header(v1 + "00000000") + NONE + NONE, accepted("00000000"));
            expect(
                    caller,
                    header(v1 + "00000001") + NONE + NONE + ARGUMENT,
                    accepted("00000000") + ARGUMENT);
            expect(
                    caller,
                    header("2000ffff 00000001 00000000") + NONE + NONE,
                    accepted("00000001"));
            // Served are 1 and 3.
            for (String version : new String[] {"00000000", "00000002", "00000004", "ffffffff"}) {
                expect(
                        caller,
                        header("20000101" + version + "00000000") + NONE + NONE,
                        accepted("00000002") + "00000001 00000003");
            }
            expect(caller, header(v1 + "00000007") + NONE + NONE, accepted("00000003"));
            expect(caller, header(v1 + "ffffffff") + NONE + NONE, accepted("00000003"));
            expect(
                    caller,
                    header(v1 + "00000001") + NONE + NONE + "7fffffff",
                    accepted("00000004"));
            echo.hook =
                    (call, argument) -> {
                        throw new IllegalStateException("disk gone");
                    };
            expect(
                    caller,
                    header("20000101 00000003 00000007") + NONE + NONE + "00000001",
                    accepted("00000005"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherVersionsOfRpcAreMismatches(Transport transport) throws IOException {
        try (RawCaller caller = sockets.caller(transport)) {
            for (String version : new String[] {"00000000", "00000001", "00000003", "ffffffff"}) {
                expect(
                        caller,
                        XID + "00000000" + version + "00".repeat(20),
                        denied("00000000 00000002 00000002"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void badCredentialsAreDeniedAndNeverDispatched(Transport transport) throws IOException {
        String call = header("20000101 00000001 00000001");
        try (RawCaller caller = sockets.caller(transport)) {
            // Flavours that nobody understands: AUTH_SHORT, AUTH_DH, RPCSEC_GSS, AUTH_TLS, -1.
            for (String flavor :
                    new String[] {"00000002", "00000003", "00000006", "00000007", "ffffffff"}) {
                expect(
                        caller,
                        call + flavor + "00000000" + NONE + ARGUMENT,
                        denied("00000001 00000002"));
            }
            // AUTH_SYS: empty; a machine name of 256 bytes announced; 17 groups announced.
            String badCredential = denied("00000001 00000001");
            expect(caller, call + "00000001 00000000" + NONE + ARGUMENT, badCredential);
            String sys = call + "00000001 00000014 00000000";
            expect(
                    caller,
                    sys + "00000100 00000000 00000000 00000000" + NONE + ARGUMENT,
                    badCredential);
            expect(
                    caller,
                    sys + "00000000 00000000 00000000 00000011" + NONE + ARGUMENT,
                    badCredential);
            // Bodies longer than 400 bytes, first of the credential, then of the verifier.
            expect(caller, call + "00000000 00000191" + "00".repeat(404), badCredential);
            expect(caller, call + NONE + "00000000 7fffffff", denied("00000001 00000003"));
        }
        assertThat(echo.executed).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void callCutShortIsDroppedInItsHeaderAndGarbageBehindIt(Transport transport)
            throws IOException {
        byte[] whole = SimulatedServer.call(7, Echo.ECHO, "longer than the header of the call is");
        try (RawCaller caller = sockets.caller(transport)) {
            for (int length = 0; length < whole.length; length++) {
                String wanted =
                        length < 40 ? "" : plain("00000007 00000001 00000000" + NONE + "00000004");
                assertThat(caller.answer(Arrays.copyOf(whole, length)))
                        .as("%d bytes", length)
                        .isEqualTo(wanted);
            }
            assertThat(echo.executed).isEmpty();
            assertThat(caller.answer(whole)).startsWith("00000007");
        }
        assertThat(echo.executed).hasSize(1);
    }

    private static void expect(RawCaller caller, String call, String reply) throws IOException {
        assertThat(caller.answer(HexFormat.of().parseHex(plain(call))))
                .as(call)
                .isEqualTo(plain(reply));
    }

    private static String header(String target) {
        return XID + "00000000 00000002" + target;
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
