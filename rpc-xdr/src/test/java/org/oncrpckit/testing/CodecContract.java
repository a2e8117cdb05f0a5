package org.oncrpckit.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** What holds for every codec whatever it is for. Subclasses bring the samples. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CodecContract {
    /** An exception with its stack trace and message; the input itself comes on top. */
    private static final long REFUSAL_BYTES_MAX = 32 * 1024;

    private static final int[] HUGE = {
        0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 0x7fff_fffc, 0x4000_0000, 0x0100_0000, 0x0001_0000
    };

    /** The samples that the contract is checked with. */
    protected abstract Stream<Sample<?>> samples();

    @ParameterizedTest
    @MethodSource("samples")
    <T> void encodesToGoldenBytes(Sample<T> sample) {
        XdrWriter writer = new XdrWriter();
        sample.codec().encode(writer, sample.value());
        assertThat(Hex.words(writer.toByteArray())).isEqualTo(Hex.words(sample.bytes()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void decodesFromEveryKindOfBuffer(Sample<T> sample) throws XdrException {
        for (Wire wire : Wire.values()) {
            ByteBuffer buffer = wire.carry(sample.bytes());
            int position = buffer.position();
            XdrReader reader = XdrReader.of(buffer);
            assertThat(sample.codec().decode(reader)).as(wire.name()).isEqualTo(sample.value());
            assertThat(reader.remaining()).as(wire.name()).isZero();
            assertThat(buffer.position()).as(wire.name()).isEqualTo(position);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void leavesWhatFollowsAlone(Sample<T> sample) throws XdrException {
        byte[] longer = Arrays.copyOf(sample.bytes(), sample.bytes().length + 3);
        XdrReader reader = XdrReader.of(ByteBuffer.wrap(longer));
        assertThat(sample.codec().decode(reader)).isEqualTo(sample.value());
        assertThat(reader.remaining()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyPrefixIsRefused(Sample<?> sample) {
        for (int length = 0; length < sample.bytes().length; length++) {
            byte[] prefix = Arrays.copyOf(sample.bytes(), length);
            for (Wire wire : Wire.values()) {
                XdrReader reader = XdrReader.of(wire.carry(prefix));
                assertThatExceptionOfType(XdrException.class)
                        .as("%d bytes, %s", length, wire)
                        .isThrownBy(() -> sample.codec().decode(reader));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void hugeWordsTakeNoMemory(Sample<?> sample) throws Exception {
        for (int offset = 0; offset + 4 <= sample.bytes().length; offset += 4) {
            for (int word : HUGE) {
                byte[] hostile = sample.bytes().clone();
                ByteBuffer.wrap(hostile).putInt(offset, word);
                long taken = Allocation.bytesOf(() -> decodeOrRefuse(sample, hostile));
                assertThat(taken)
                        .as("word %08x at offset %d", word, offset)
                        .isLessThan(REFUSAL_BYTES_MAX + 64L * hostile.length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFlippedBitIsRefusedOrMeansSomethingElse(Sample<?> sample) {
        for (int bit = 0; bit < sample.bytes().length * 8; bit++) {
            byte[] flipped = sample.bytes().clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            decodeOrRefuse(sample, flipped);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void randomBytesAreRefusedOrCanonical(Sample<?> sample) {
        Random random = Seed.random(sample.name());
        for (int i = 0; i < 2_000; i++) {
            decodeOrRefuse(sample, Seed.plausibleBytes(random, 160));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void damagedMessagesAreRefusedOrCanonical(Sample<?> sample) {
        Random random = Seed.random(sample.name());
        for (int i = 0; i < 1_000 && sample.bytes().length > 0; i++) {
            byte[] damaged = sample.bytes().clone();
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            decodeOrRefuse(sample, damaged);
        }
    }

    /**
     * Nothing but an XdrException may come out. What is accepted must be the only representation of
     * its value: encoding it gives the same bytes.
     */
    private static <T> void decodeOrRefuse(Sample<T> sample, byte[] input) {
        XdrReader reader = XdrReader.of(ByteBuffer.wrap(input));
        T value;
        try {
            value = sample.codec().decode(reader);
        } catch (XdrException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        XdrWriter writer = new XdrWriter();
        sample.codec().encode(writer, value);
        byte[] taken = Arrays.copyOf(input, reader.position());
        assertThat(Hex.words(writer.toByteArray())).isEqualTo(Hex.words(taken));
    }
}
