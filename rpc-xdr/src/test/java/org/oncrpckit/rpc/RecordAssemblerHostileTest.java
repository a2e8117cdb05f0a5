package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.oncrpckit.testing.Hex.hex;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.testing.Allocation;
import org.oncrpckit.testing.Records;
import org.oncrpckit.testing.Seed;
import org.oncrpckit.xdr.XdrException;

/** Streams that want memory, time, or confusion. */
class RecordAssemblerHostileTest {
    private static final RecordLimits SMALL = new RecordLimits(1000, 4);

    @ParameterizedTest
    @CsvSource({
        "ffffffff, 2147483647",
        "7fffffff, 2147483647",
        "80100001, 1048577",
        "00100001, 1048577"
    })
    void fragmentBeyondTheLimitIsRefusedByItsMark(String mark, int length) throws Exception {
        ByteBuffer read = ByteBuffer.wrap(hex(mark, "0102"));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> Records.next(new RecordAssembler(), read))
                .withMessage(
                        "fragment of %d bytes after 0 bytes of its record (limit 1048576 for a record)"
                                .formatted(length));
    }

    @Test
    void recordMayReachItsLimitAndNotPassIt() throws XdrException {
        ByteBuffer whole = ByteBuffer.allocate(1004).putInt(0, 0x8000_03e8);
        assertThat(Records.next(new RecordAssembler(SMALL), whole)).isPresent();

        RecordAssembler assembler = new RecordAssembler(SMALL);
        ByteBuffer parts = ByteBuffer.allocate(1010);
        parts.putInt(0, 600).putInt(604, 400).putInt(1006, 0x8000_0001);
        ByteBuffer half = parts.duplicate().limit(604);
        assertThat(Records.next(assembler, half)).isEmpty();
        assertThat(Records.next(assembler, ByteBuffer.wrap(hex("8000")))).isEmpty();
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> Records.next(assembler, ByteBuffer.wrap(hex("0191"))))
                .withMessage(
                        "fragment of 401 bytes after 600 bytes of its record (limit 1000 for a"
                                + " record)");
    }

    @Test
    void announcedBytesTakeNoMemory() throws Exception {
        RecordLimits huge = new RecordLimits(Integer.MAX_VALUE, 10);
        for (String mark : new String[] {"ffffffff", "7fffffff"}) {
            long taken =
                    Allocation.bytesOf(
                            () -> {
                                RecordAssembler assembler = new RecordAssembler(huge);
                                ByteBuffer read = ByteBuffer.wrap(hex(mark, "01"));
                                assertThat(Records.next(assembler, read)).isEmpty();
                                assertThat(assembler.gatheredCapacityBytes()).isEqualTo(256);
                            });
            assertThat(taken).isLessThan(32 * 1024);
        }
    }

    @Test
    void memoryFollowsTheBytesThatArrived() throws XdrException {
        RecordAssembler assembler = new RecordAssembler();
        assertThat(Records.next(assembler, ByteBuffer.wrap(hex("80100000")))).isEmpty();
        assertThat(assembler.gatheredCapacityBytes()).isZero();
        for (int arrived = 100; arrived < 1 << 20; arrived += 100) {
            assertThat(Records.next(assembler, ByteBuffer.allocate(100))).isEmpty();
            assertThat(assembler.gatheredCapacityBytes())
                    .isBetween(arrived, Math.max(256, 2 * arrived + 200));
        }
    }

    @Test
    void memoryNeverExceedsTheRecord() throws XdrException {
        RecordAssembler assembler = new RecordAssembler(SMALL);
        assertThat(Records.next(assembler, ByteBuffer.wrap(hex("800003e8")))).isEmpty();
        assertThat(Records.next(assembler, ByteBuffer.allocate(900))).isEmpty();
        assertThat(assembler.gatheredCapacityBytes()).isEqualTo(1000);
    }

    @Test
    void memoryIsUsedUpBeforeItGrows() throws XdrException {
        RecordAssembler assembler = new RecordAssembler();
        assertThat(Records.next(assembler, ByteBuffer.wrap(hex("8000012c")))).isEmpty();
        int[][] arrivalsAndCapacities = {{100, 256}, {156, 256}, {43, 300}};
        for (int[] step : arrivalsAndCapacities) {
            assertThat(Records.next(assembler, ByteBuffer.allocate(step[0]))).isEmpty();
            assertThat(assembler.gatheredCapacityBytes()).isEqualTo(step[1]);
        }
    }

    @Test
    void copyingIsLinearInWhatArrives() throws Exception {
        int size = 1 << 20;
        long taken =
                Allocation.bytesOf(
                        () -> {
                            RecordAssembler assembler = new RecordAssembler();
                            assertThat(Records.next(assembler, ByteBuffer.wrap(hex("80100000"))))
                                    .isEmpty();
                            ByteBuffer read = ByteBuffer.allocate(16);
                            for (int i = 0; i < size / 16 - 1; i++) {
                                assertThat(Records.next(assembler, read.clear()).isPresent())
                                        .isFalse();
                            }
                            assertThat(Records.next(assembler, read.clear())).isPresent();
                        });
        // A slice and an assertion for each read, and the doubling buffers.
        assertThat(taken).isLessThan(30L * size);
    }

    @Test
    void endlessEmptyFragmentsEndAtTheLimit() throws XdrException {
        RecordAssembler assembler = new RecordAssembler();
        ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> Records.next(assembler, zeros))
                .withMessage("record of more than 1024 fragments (the limit)");
        assertThat(zeros.position()).isEqualTo(1024 * RecordMark.BYTES);
        assertThat(assembler.gatheredCapacityBytes()).isZero();
    }

    @Test
    void asManyFragmentsAsTheLimitAreAccepted() throws XdrException {
        RecordAssembler assembler = new RecordAssembler(SMALL);
        ByteBuffer four = ByteBuffer.wrap(hex("00000000 00000000 00000001 07 80000000"));
        assertThat(Records.next(assembler, four)).isPresent();
        assertThat(Records.next(assembler, four.rewind())).as("counted anew").isPresent();
        ByteBuffer five = ByteBuffer.wrap(hex("00000000".repeat(4), "80000000"));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> Records.next(assembler, five))
                .withMessage("record of more than 4 fragments (the limit)");
    }

    @Test
    void endlessTinyFragmentsEndAtTheLimit() {
        RecordAssembler assembler = new RecordAssembler();
        byte[] tiny = hex("00000001 07");
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(
                        () -> {
                            Optional<ByteBuffer> record = Optional.empty();
                            while (record.isEmpty()) {
                                record = Records.next(assembler, ByteBuffer.wrap(tiny));
                            }
                        });
        assertThat(assembler.gatheredCapacityBytes()).isLessThanOrEqualTo(2048);
    }

    @Test
    void emptyRecordsUseUpTheirBytes() throws XdrException {
        RecordAssembler assembler = new RecordAssembler();
        ByteBuffer read = ByteBuffer.wrap(hex("80000000".repeat(1000)));
        int records = 0;
        while (Records.next(assembler, read).isPresent()) {
            records++;
        }
        assertThat(records).isEqualTo(1000);
    }

    @Test
    void brokenStreamStaysBroken() {
        RecordAssembler assembler = new RecordAssembler(SMALL);
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> Records.next(assembler, ByteBuffer.wrap(hex("ffffffff"))));
        assertThatIllegalStateException()
                .isThrownBy(() -> Records.next(assembler, ByteBuffer.wrap(hex("80000000"))))
                .withMessage("the stream exceeded a limit before");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void limitsMustBePositive(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecordLimits(limit, 1))
                .withMessageContaining("(expected: both >= 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordLimits(1, limit));
    }

    @Test
    void randomStreamsGiveRecordsWithinTheLimitsOrOurException() {
        Random random = Seed.random("randomStreamsGiveRecordsWithinTheLimitsOrOurException");
        for (int round = 0; round < 5_000; round++) {
            RecordAssembler assembler = new RecordAssembler(SMALL);
            ByteBuffer stream = ByteBuffer.wrap(Seed.plausibleBytes(random, 4_000));
            try {
                while (stream.hasRemaining()) {
                    int length = Math.min(stream.remaining(), 1 + random.nextInt(300));
                    ByteBuffer read = stream.slice(stream.position(), length);
                    stream.position(stream.position() + length);
                    Optional<ByteBuffer> record = Records.next(assembler, read);
                    while (record.isPresent()) {
                        assertThat(record.get().remaining()).isLessThanOrEqualTo(1000);
                        record = Records.next(assembler, read);
                    }
                    assertThat(assembler.gatheredCapacityBytes()).isLessThanOrEqualTo(1000);
                }
            } catch (XdrException e) {
                assertThat(e).hasMessageContaining("limit");
            }
        }
    }
}
