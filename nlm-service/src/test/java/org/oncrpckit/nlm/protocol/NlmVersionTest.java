package org.oncrpckit.nlm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

class NlmVersionTest {
    private static final WireLock LOCK =
            new WireLock(
                    HostName.of("uml1"),
                    Opaque.copyOf((byte) 1, (byte) 2, (byte) 3),
                    Opaque.ofUtf8("7@uml1"),
                    7,
                    0x1122334455667788L,
                    -1L);

    @Test
    void lockTravelsAsTheProtocolSays() {
        LockArgs args =
                new LockArgs(
                        Opaque.copyOf((byte) 0x34, (byte) 0x12, (byte) 0, (byte) 0),
                        true,
                        false,
                        LOCK,
                        true,
                        5);
        String expected =
                """
                00000004 34120000
                00000001
                00000000
                00000004 756d6c31
                00000003 01020300
                00000006 3740756d 6c310000
                00000007
                11223344 55667788
                ffffffff ffffffff
                00000001
                00000005
                """;
        assertThat(encode(NlmVersion.V4.lock().call().arguments(), args))
                .isEqualTo(expected.replaceAll("\\s", ""));
        assertThat(decode(NlmVersion.V4.lock().call().arguments(), expected)).isEqualTo(args);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 8, 33, 1023, 1024})
    void cookiesOfAnyLengthComeBackByteForByte(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        StatusReply reply = new StatusReply(Opaque.copyOf(bytes), NlmStatus.BLOCKED);
        String travelled = encode(NlmVersion.V4.lock().call().results(), reply);
        assertThat(decode(NlmVersion.V4.lock().call().results(), travelled)).isEqualTo(reply);
    }

    @Test
    void aCookieTooLongIsRefusedBeforeItsBytesAreThere() {
        assertThatThrownBy(() -> decode(NlmVersion.V4.granted().result().arguments(), "7fffffff"))
                .hasCauseInstanceOf(XdrException.class)
                .hasMessageContaining("2147483647");
    }

    @Test
    void anUnknownStatusIsRefused() {
        assertThatThrownBy(
                        () ->
                                decode(
                                        NlmVersion.V4.granted().result().arguments(),
                                        "00000000 0000000a"))
                .hasCauseInstanceOf(XdrException.class);
    }

    @Test
    void bug07_aHolderWithAnEmptyOwnerHandleTravels() {
        TestReply reply =
                new TestReply(
                        Opaque.EMPTY,
                        new TestOutcome.Conflict(new Holder(true, -1, Opaque.EMPTY, 1, 0)));
        String expected =
                "00000000 00000001 00000001 ffffffff 00000000 0000000000000001 0000000000000000";
        assertThat(encode(NlmVersion.V4.test().call().results(), reply))
                .isEqualTo(expected.replace(" ", ""));
        assertThat(decode(NlmVersion.V4.test().call().results(), expected)).isEqualTo(reply);
    }

    @Test
    void aTestThatFoundNothingHasNoHolder() {
        TestReply reply =
                new TestReply(Opaque.EMPTY, new TestOutcome.Other(NlmStatus.DENIED_GRACE_PERIOD));
        assertThat(encode(NlmVersion.V4.test().call().results(), reply))
                .isEqualTo("0000000000000004");
    }

    private static <T> String encode(XdrCodec<T> codec, T value) {
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, value);
        return HexFormat.of().formatHex(writer.toByteArray());
    }

    private static <T> T decode(XdrCodec<T> codec, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        XdrReader reader = XdrReader.of(Opaque.copyOf(bytes));
        try {
            T value = codec.decode(reader);
            reader.expectEnd();
            return value;
        } catch (XdrException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
