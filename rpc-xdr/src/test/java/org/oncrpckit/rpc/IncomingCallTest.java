package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.oncrpckit.testing.Hex.hex;
import static org.oncrpckit.testing.Hex.words;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.testing.Allocation;
import org.oncrpckit.testing.Seed;
import org.oncrpckit.testing.Wire;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Dispatch, deny or drop: what a server learns from the header of a call. */
class IncomingCallTest {
    private static final String XID = "0badcafe";
    private static final String FIXED = XID + "00000000 00000002 000186b5 00000004 00000007";
    private static final String NO_AUTH = "00000000 00000000";

    @Test
    void readerStandsAtTheArguments() throws XdrException {
        XdrReader reader = reader(FIXED + NO_AUTH + NO_AUTH + "0000002a");
        assertThat(IncomingCall.decode(reader))
                .isEqualTo(new CallHeader(0x0badcafe, new ProgramVersion(100021, 4), 7));
        assertThat(reader.readInt()).isEqualTo(42);
        reader.expectEnd();
    }

    @Test
    void emptyAuthNoneIsTheConstant() throws XdrException {
        CallHeader header = CallHeader.decode(reader(FIXED + NO_AUTH + NO_AUTH));
        assertThat(header.credential()).isSameAs(OpaqueAuth.NONE);
        assertThat(header.verifier()).isSameAs(OpaqueAuth.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000", "00000001", "00000003", "ffffffff"})
    void otherRpcVersionIsDeniedWhateverFollows(String version) throws XdrException {
        for (String rest : List.of("", "00", "ffffffff".repeat(20))) {
            assertDenied(
                    XID + "00000000" + version + rest,
                    "0badcafe 00000001 00000001 00000000 00000002 00000002");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000191", "00000404", "7fffffff", "80000000", "ffffffff"})
    void credentialLongerThan400BytesIsABadCredential(String length) throws XdrException {
        for (String rest : List.of("", "00".repeat(500))) {
            assertDenied(
                    FIXED + "00000001" + length + rest,
                    "0badcafe 00000001 00000001 00000001 00000001");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000191", "ffffffff"})
    void verifierLongerThan400BytesIsABadVerifier(String length) throws XdrException {
        assertDenied(
                FIXED + NO_AUTH + "00000000" + length,
                "0badcafe 00000001 00000001 00000001 00000003");
    }

    @Test
    void paddingThatIsNotZeroIsBadToo() throws XdrException {
        assertDenied(
                FIXED + "00000001 00000001 61000001" + NO_AUTH,
                "0badcafe 00000001 00000001 00000001 00000001");
        assertDenied(
                FIXED + NO_AUTH + "00000001 00000003 616263ff",
                "0badcafe 00000001 00000001 00000001 00000003");
    }

    @Test
    void lenientReaderAcceptsPaddingThatIsNotZero() throws XdrException {
        XdrReader reader = reader(FIXED + "00000001 00000001 61000001" + NO_AUTH).ignorePadding();
        assertThat(IncomingCall.decode(reader)).isInstanceOf(CallHeader.class);
    }

    @Test
    void messageThatEndsWithinItsHeaderIsToBeDropped() {
        byte[] whole = hex(FIXED, "00000001 00000005 61626364 65000000", NO_AUTH);
        for (int length = 0; length < whole.length; length++) {
            XdrReader reader = XdrReader.of(ByteBuffer.wrap(whole, 0, length));
            assertThatExceptionOfType(XdrException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> IncomingCall.decode(reader));
        }
    }

    @ParameterizedTest
    @CsvSource({"00000001, 1", "00000002, 2", "ffffffff, -1"})
    void messageThatIsNotACallIsToBeDropped(String type, int number) {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> IncomingCall.decode(reader(XID + type + "00000002")))
                .withMessage("message type " + number + " at offset 4 (expected: 0, a call)");
    }

    @Test
    void strictDecodingRefusesWhatAServerWouldDeny() {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> CallHeader.decode(reader(XID + "00000000 00000003")))
                .withMessageContaining("RpcMismatch[xid=195939070, supported=2 to 2]");
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> CallHeader.decode(reader(FIXED + "00000001 00000191")))
                .withMessageContaining("AUTH_BADCRED");
    }

    @Test
    void randomCallsAreDispatchedDeniedOrDropped() {
        Random random = Seed.random("randomCallsAreDispatchedDeniedOrDropped");
        byte[] head = hex(FIXED);
        int[] outcomes = new int[3];
        for (int i = 0; i < 20_000; i++) {
            byte[] tail = Seed.plausibleBytes(random, 500);
            byte[] message = Arrays.copyOf(head, head.length + tail.length);
            System.arraycopy(tail, 0, message, head.length, tail.length);
            if (random.nextInt(4) == 0) {
                message[random.nextInt(head.length)] = (byte) random.nextInt(256);
            }
            try {
                IncomingCall call = IncomingCall.decode(XdrReader.of(ByteBuffer.wrap(message)));
                assertThat(call.xid()).isEqualTo(ByteBuffer.wrap(message).getInt());
                outcomes[call instanceof CallHeader ? 0 : 1]++;
            } catch (XdrException e) {
                outcomes[2]++;
            }
        }
        assertThat(outcomes).as("each outcome is met").doesNotContain(0);
    }

    @Test
    void decodingTakesLittleMemory() throws Exception {
        ByteBuffer plain = ByteBuffer.wrap(hex(FIXED, NO_AUTH, NO_AUTH));
        long taken =
                Allocation.bytesPerRun(
                        20_000, () -> assertDispatched(IncomingCall.decode(XdrReader.of(plain))));
        assertThat(taken).as("bytes for each call without authentication").isLessThan(256);
    }

    @Test
    void encodingIntoAReusedWriterTakesNoMemory() throws Exception {
        CallHeader header = new CallHeader(1, new ProgramVersion(2, 3), 4);
        XdrWriter writer = new XdrWriter();
        long taken =
                Allocation.bytesPerRun(
                        20_000,
                        () -> {
                            writer.clear();
                            header.encode(writer);
                            ReplyHeader.success(5).encode(writer);
                        });
        assertThat(taken).as("bytes for each call and reply").isLessThan(64);
    }

    @Test
    void credentialsSurviveEveryKindOfBuffer() throws XdrException {
        AuthSys sys = new AuthSys(1, Opaque.ofUtf8("host"), 2, 3, List.of(4, 5));
        CallHeader header =
                new CallHeader(9, new ProgramVersion(1, 2), 3, sys.toOpaqueAuth(), OpaqueAuth.NONE);
        XdrWriter writer = new XdrWriter();
        header.encode(writer);
        for (Wire wire : Wire.values()) {
            CallHeader decoded = CallHeader.decode(XdrReader.of(wire.carry(writer.toByteArray())));
            assertThat(AuthSys.decode(decoded.credential())).isEqualTo(sys);
        }
    }

    private static void assertDispatched(IncomingCall call) {
        if (!(call instanceof CallHeader)) {
            throw new AssertionError(call);
        }
    }

    private static void assertDenied(String call, String reply) throws XdrException {
        IncomingCall incoming = IncomingCall.decode(reader(call));
        assertThat(incoming).isInstanceOf(DeniedCall.class);
        assertThat(incoming.xid()).isEqualTo(0x0badcafe);
        XdrWriter writer = new XdrWriter();
        ((DeniedCall) incoming).denial().encode(writer);
        assertThat(words(writer.toByteArray())).isEqualTo(reply);
    }

    private static XdrReader reader(String hex) {
        return XdrReader.of(ByteBuffer.wrap(hex(hex)));
    }
}
