package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.words;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oncrpckit.testing.Records;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrWriter;

class RecordMarkTest {
    @ParameterizedTest
    @CsvSource({
        "0x80000000, true, 0",
        "0x00000000, false, 0",
        "0x80000028, true, 40",
        "0x00000028, false, 40",
        "0x7fffffff, false, 2147483647",
        "0xffffffff, true, 2147483647"
    })
    void topBitSaysLastAndTheRestIsTheLength(long word, boolean last, int length) {
        RecordMark mark = new RecordMark(last, length);
        assertThat(mark.word()).isEqualTo((int) word);
        assertThat(RecordMark.of((int) word)).isEqualTo(mark);
        XdrWriter writer = new XdrWriter();
        mark.write(writer);
        assertThat(words(writer.toByteArray())).isEqualTo("%08x".formatted(word));
    }

    @Test
    void negativeLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecordMark(true, -1))
                .withMessage("fragment length -1 (expected: >= 0)");
    }

    @Test
    void manyRecordsShareOneWriter() throws XdrException {
        XdrWriter writer = new XdrWriter();
        int first = RecordMark.beginRecord(writer);
        writer.writeLong(7);
        RecordMark.endRecord(writer, first);
        int second = RecordMark.beginRecord(writer);
        RecordMark.endRecord(writer, second);
        int third = RecordMark.beginRecord(writer);
        writer.writeInt(9);
        RecordMark.endRecord(writer, third);
        assertThat(words(writer.toByteArray()))
                .isEqualTo("80000008 00000000 00000007 80000000 80000004 00000009");

        RecordAssembler assembler = new RecordAssembler();
        ByteBuffer stream = writer.toByteBuffer();
        assertThat(Records.next(assembler, stream).map(ByteBuffer::getLong)).contains(7L);
        assertThat(Records.next(assembler, stream).map(ByteBuffer::remaining)).contains(0);
        assertThat(Records.next(assembler, stream).map(ByteBuffer::getInt)).contains(9);
        assertThat(Records.next(assembler, stream)).isEqualTo(Optional.empty());
    }
}
