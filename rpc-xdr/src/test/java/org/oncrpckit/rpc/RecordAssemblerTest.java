package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.oncrpckit.testing.Hex.hex;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.testing.Allocation;
import org.oncrpckit.testing.Records;
import org.oncrpckit.testing.Seed;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;

/** Records out of streams that keep the rules. */
class RecordAssemblerTest {
    private final RecordAssembler assembler = new RecordAssembler();

    @Test
    void recordWithinOneReadIsAView() throws XdrException {
        byte[] read = hex("80000003 010203");
        ByteBuffer record = Records.next(assembler, ByteBuffer.wrap(read)).orElseThrow();
        assertThat(Opaque.copyOf(record)).hasToString("010203");
        read[4] = 9;
        assertThat(Opaque.copyOf(record)).hasToString("090203");
        assertThat(assembler.gatheredCapacityBytes()).isZero();
    }

    @Test
    void viewCostsNoCopy() throws Exception {
        ByteBuffer read = ByteBuffer.allocate(4 + (1 << 20)).putInt(0, 0x8010_0000);
        long taken =
                Allocation.bytesOf(
                        () -> assertThat(Records.next(assembler, read.duplicate())).isPresent());
        assertThat(taken).isLessThan(64 * 1024);
    }

    @Test
    void manyRecordsOfOneReadComeOneByOne() throws XdrException {
        ByteBuffer read = ByteBuffer.wrap(hex("80000001 0a 80000000 80000002 0b0c 80000001 0d"));
        assertThat(all(read)).containsExactly("0a", "", "0b0c", "0d");
        assertThat(read.hasRemaining()).isFalse();
    }

    @Test
    void fragmentsAreJoined() throws XdrException {
        assertThat(all(ByteBuffer.wrap(hex("00000002 0102 00000000 00000001 03 80000002 0405"))))
                .containsExactly("0102030405");
    }

    @Test
    void lastFragmentMayBeEmpty() throws XdrException {
        assertThat(all(ByteBuffer.wrap(hex("00000002 0102 80000000 00000000 80000000"))))
                .containsExactly("0102", "");
    }

    @Test
    void recordsDoNotLeakIntoEachOther() throws XdrException {
        assertThat(all(ByteBuffer.wrap(hex("00000002 0102 80000001 03 80000001 04 00000001"))))
                .containsExactly("010203", "04");
        assertThat(all(ByteBuffer.wrap(hex("05 80000001 06")))).containsExactly("0506");
    }

    @Test
    void bytesMayArriveOneByOne() throws XdrException {
        List<String> records = new ArrayList<>();
        for (byte each : hex("80000001 0a 00000002 0b0c 80000001 0d 80000000")) {
            records.addAll(all(ByteBuffer.wrap(new byte[] {each})));
        }
        assertThat(records).containsExactly("0a", "0b0c0d", "");
    }

    @Test
    void emptyReadsChangeNothing() throws XdrException {
        assertThat(all(ByteBuffer.allocate(0))).isEmpty();
        assertThat(all(ByteBuffer.wrap(hex("8000")))).isEmpty();
        assertThat(all(ByteBuffer.allocate(0))).isEmpty();
        assertThat(all(ByteBuffer.wrap(hex("0001 07")))).containsExactly("07");
    }

    @Test
    void orderAndKindOfTheReadBufferDoNotMatter() throws XdrException {
        ByteBuffer direct = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
        direct.put(hex("80000004 00000007 80")).flip();
        ByteBuffer record = Records.next(assembler, direct).orElseThrow();
        assertThat(record.getInt()).isEqualTo(7);
        assertThat(all(direct)).isEmpty();
        assertThat(all(ByteBuffer.wrap(hex("000001 05")).asReadOnlyBuffer())).containsExactly("05");
    }

    @Test
    void receiverMayMoveItsRecordAndTheInputStandsBehindIt() throws XdrException {
        ByteBuffer read = ByteBuffer.wrap(hex("80000004 00000007 80000004 00000008 8000"));
        read.order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            assertThat(
                            assembler.next(
                                    read,
                                    record -> {
                                        seen.add(record.getInt());
                                        record.clear();
                                    }))
                    .isTrue();
        }
        assertThat(seen).containsExactly(7, 8);
        assertThat(read.position()).isEqualTo(16);
        assertThat(read.remaining()).isEqualTo(2);
        assertThat(read.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void receiverThatThrowsHasHadItsRecord() throws XdrException {
        ByteBuffer read = ByteBuffer.wrap(hex("80000001 0a 80000001 0b"));
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                assembler.next(
                                        read,
                                        record -> {
                                            throw new IllegalStateException("busy");
                                        }));
        assertThat(all(read)).containsExactly("0b");
    }

    @Test
    void knowsWhetherTheStreamStandsWithinARecord() throws XdrException {
        assertThat(assembler.isInsideRecord()).isFalse();
        String[] steps = {"80", "000002", "01"};
        for (String step : steps) {
            assertThat(all(ByteBuffer.wrap(hex(step)))).isEmpty();
            assertThat(assembler.isInsideRecord()).as(step).isTrue();
        }
        assertThat(all(ByteBuffer.wrap(hex("02")))).containsExactly("0102");
        assertThat(assembler.isInsideRecord()).isFalse();
        assertThat(all(ByteBuffer.wrap(hex("00000000")))).isEmpty();
        assertThat(assembler.isInsideRecord()).as("between fragments").isTrue();
        assertThat(all(ByteBuffer.wrap(hex("80000000")))).containsExactly("");
        assertThat(assembler.isInsideRecord()).isFalse();
    }

    @Test
    void memoryOfARecordIsLetGoWithIt() throws XdrException {
        assertThat(all(ByteBuffer.wrap(hex("80000002 01")))).isEmpty();
        assertThat(assembler.gatheredCapacityBytes()).isPositive();
        assertThat(all(ByteBuffer.wrap(hex("02")))).containsExactly("0102");
        assertThat(assembler.gatheredCapacityBytes()).isZero();
    }

    @Test
    void gatheredRecordStaysValid() throws XdrException {
        assertThat(all(ByteBuffer.wrap(hex("80000002 01")))).isEmpty();
        ByteBuffer first = Records.next(assembler, ByteBuffer.wrap(hex("02"))).orElseThrow();
        assertThat(all(ByteBuffer.wrap(hex("80000002 03")))).isEmpty();
        assertThat(all(ByteBuffer.wrap(hex("04")))).containsExactly("0304");
        assertThat(Opaque.copyOf(first)).hasToString("0102");
    }

    @Test
    void anyRecordsInAnyFragmentsInAnyReadsComeOutWhole() throws XdrException {
        Random random = Seed.random("anyRecordsInAnyFragmentsInAnyReadsComeOutWhole");
        for (int round = 0; round < 200; round++) {
            List<String> expected = new ArrayList<>();
            ByteBuffer stream = ByteBuffer.allocate(1 << 16);
            for (int i = random.nextInt(12); i >= 0; i--) {
                expected.add(writeRecord(random, stream));
            }
            stream.flip();
            List<String> actual = new ArrayList<>();
            while (stream.hasRemaining()) {
                int length =
                        Math.min(stream.remaining(), 1 + random.nextInt(1 << random.nextInt(12)));
                byte[] read = new byte[length];
                stream.get(read);
                ByteBuffer buffer = ByteBuffer.wrap(read);
                actual.addAll(all(buffer));
                assertThat(buffer.hasRemaining()).isFalse();
            }
            assertThat(actual).isEqualTo(expected);
            assertThat(assembler.isInsideRecord()).isFalse();
        }
    }

    private static String writeRecord(Random random, ByteBuffer stream) {
        byte[] record = new byte[random.nextInt(1 << random.nextInt(11))];
        random.nextBytes(record);
        int sent = 0;
        boolean last;
        do {
            int length = random.nextInt(record.length - sent + 1);
            last = sent + length == record.length;
            stream.putInt(new RecordMark(last, length).word()).put(record, sent, length);
            sent += length;
        } while (!last);
        return Opaque.copyOf(record).toString();
    }

    private List<String> all(ByteBuffer read) throws XdrException {
        List<String> records = new ArrayList<>();
        Optional<ByteBuffer> record = Records.next(assembler, read);
        while (record.isPresent()) {
            records.add(Opaque.copyOf(record.get()).toString());
            record = Records.next(assembler, read);
        }
        return records;
    }
}
