package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

class ReplyHeaderTest {
    @Test
    void readerStandsAtTheResults() throws XdrException {
        XdrReader reader = reader("00000001 00000001 00000000 00000000 00000000 00000000 0000002a");
        ReplyHeader header = ReplyHeader.decode(reader);
        assertThat(header).isEqualTo(ReplyHeader.success(1));
        assertThat(reader.readInt()).isEqualTo(42);
    }

    @ParameterizedTest
    @CsvSource({
        "00000000, 'message type 0 at offset 4 (expected: 1, a reply)'",
        "00000002, 'message type 2 at offset 4 (expected: 1, a reply)'",
        "00000001 00000002, 'reply status 2 (expected: 0 or 1)'",
        "00000001 00000001 00000002, 'reject status 2 (expected: 0 or 1)'",
        "00000001 00000000 00000000 00000191, 'length 401 at offset 16 (limit 400)'"
    })
    void unknownDiscriminantsAreRefused(String afterXid, String message) {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> ReplyHeader.decode(reader("00000001" + afterXid)))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"00000006, AcceptStatus 6", "ffffffff, AcceptStatus -1"})
    void unknownAcceptStatusIsRefused(String word, String message) {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(
                        () ->
                                ReplyHeader.decode(
                                        reader(
                                                "00000001 00000001 00000000 00000000 00000000"
                                                        + word)))
                .withMessageStartingWith(message + " at offset 20 (expected: one of");
    }

    @Test
    void unknownAuthStatusIsRefused() {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(
                        () ->
                                ReplyHeader.decode(
                                        reader("00000001 00000001 00000001 00000001 0000000f")))
                .withMessageStartingWith("AuthStatus 15 at offset 16 (expected: one of");
    }

    @Test
    void rangeTheWrongWayRoundIsKeptAsThePeerSentIt() throws XdrException {
        ReplyHeader header =
                ReplyHeader.decode(reader("00000001 00000001 00000001 00000000 00000003 00000002"));
        assertThat(header)
                .isEqualTo(new ReplyHeader.RpcMismatch(1, new VersionRange(3, 2)))
                .isInstanceOf(ReplyHeader.Denied.class);
    }

    @Test
    void mismatchNeedsItsRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new ReplyHeader.Accepted(
                                        1, OpaqueAuth.NONE, AcceptStatus.PROG_MISMATCH))
                .withMessage("PROG_MISMATCH needs a version range");
    }

    @Test
    void nothingMayBeMissing() {
        VersionRange range = new VersionRange(1, 2);
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new ReplyHeader.Accepted(1, null, AcceptStatus.SUCCESS))
                .withMessage("verifier");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new ReplyHeader.Accepted(1, OpaqueAuth.NONE, null))
                .withMessage("status");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new ReplyHeader.ProgramMismatch(1, null, range))
                .withMessage("verifier");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new ReplyHeader.ProgramMismatch(1, OpaqueAuth.NONE, null))
                .withMessage("supported");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new ReplyHeader.RpcMismatch(1, null))
                .withMessage("supported");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new ReplyHeader.AuthError(1, null))
                .withMessage("status");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new DeniedCall(null))
                .withMessage("denial");
    }

    private static XdrReader reader(String hex) {
        return XdrReader.of(ByteBuffer.wrap(hex(hex)));
    }
}
