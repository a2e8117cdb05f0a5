package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;
import static org.oncrpckit.testing.Hex.words;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class XdrUnionTest {
    /** What a union over integers may look like. */
    private sealed interface Answer {
        int status();
    }

    private record Holder(long offset) implements Answer {
        @Override
        public int status() {
            return 1;
        }
    }

    private record Reason(int status, String text) implements Answer {}

    private record Bare(int status) implements Answer {
        Bare {
            if (status > 100) {
                throw new IllegalArgumentException("status " + status + " (limit 100)");
            }
        }
    }

    private static final XdrCodec<Holder> HOLDER =
            XdrRecords.of(XdrCodecs.LONG, Holder::offset, Holder::new);
    private static final XdrCodec<Reason> REASON_OF_TWO =
            XdrCodecs.string(8).map(text -> new Reason(2, text), Reason::text);

    private static XdrUnion<Integer, Answer> armed() {
        return XdrUnion.<Integer, Answer>on(XdrCodecs.INT, Answer::status)
                .arm(1, Holder.class, HOLDER)
                .arm(2, Reason.class, REASON_OF_TWO);
    }

    private final XdrCodec<Answer> open = armed().otherwise(Bare::new).build();
    private final XdrCodec<Answer> closed = armed().build();

    @Test
    void discriminantChoosesTheArm() throws XdrException {
        assertTravels(open, new Holder(9), "00000001 00000000 00000009");
        assertTravels(open, new Reason(2, "no"), "00000002 00000002 6e6f0000");
        assertTravels(open, new Bare(0), "00000000");
        assertTravels(closed, new Holder(-1), "00000001 ffffffff ffffffff");
    }

    @Test
    void unknownDiscriminantOfAClosedUnionIsRefused() {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> decode(closed, "00000007"))
                .withMessageMatching(
                        "discriminant 7 before offset 4 \\(expected: one of \\[[12], [12]\\]\\)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> closed.encode(new XdrWriter(), new Bare(7)))
                .withMessageStartingWith("discriminant 7 (expected: one of");
    }

    @Test
    void defaultMayRefuseADiscriminant() {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> decode(open, "00000065"))
                .withMessage("value at offset 0: status 101 (limit 100)");
    }

    @Test
    void valueOfTheWrongArmIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open.encode(new XdrWriter(), new Bare(1)))
                .withMessage("Bare[status=1] (expected: a Holder)");
    }

    @Test
    void twoArmsForOneDiscriminantAreRefused() {
        XdrUnion<Integer, Answer> union = armed();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> union.arm(2, Holder.class, HOLDER))
                .withMessage("two arms for 2");
    }

    @Test
    void builtCodecDoesNotChangeWithItsBuilder() {
        XdrUnion<Integer, Answer> union = armed();
        XdrCodec<Answer> before = union.build();
        union.otherwise(Bare::new).arm(3, Holder.class, HOLDER);
        assertThatExceptionOfType(XdrException.class).isThrownBy(() -> decode(before, "00000000"));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> decode(before, "00000003 00000000 00000000"));
    }

    private static void assertTravels(XdrCodec<Answer> codec, Answer answer, String hex)
            throws XdrException {
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, answer);
        assertThat(words(writer.toByteArray())).isEqualTo(hex);
        assertThat(decode(codec, hex)).isEqualTo(answer);
    }

    private static Answer decode(XdrCodec<Answer> codec, String hex) throws XdrException {
        return codec.decode(XdrReader.of(ByteBuffer.wrap(hex(hex))));
    }
}
