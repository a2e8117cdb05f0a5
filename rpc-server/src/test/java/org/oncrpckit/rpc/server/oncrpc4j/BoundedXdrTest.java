package org.oncrpckit.rpc.server.oncrpc4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No decoder of the stream allocates what the message does not hold. */
class BoundedXdrTest {
    /** Enough for the stream and the exception, and for nothing that was announced. */
    private static final long ALLOCATED_BYTES_MAX = 256 << 10;

    private static final int[] HOSTILE = {
        Integer.MAX_VALUE, Integer.MAX_VALUE - 3, Integer.MIN_VALUE, -1, 1 << 28, 1 << 20
    };

    /** Reads something. */
    @FunctionalInterface
    interface Decoder {
        Object decode(BoundedXdr xdr, int length) throws BadXdrOncRpcException;
    }

    static Stream<Map.Entry<String, Decoder>> decoders() {
        Map<String, Decoder> all = new TreeMap<>();
        all.put("dynamic opaque", (xdr, n) -> xdr.xdrDecodeDynamicOpaque());
        all.put("string", (xdr, n) -> xdr.xdrDecodeString());
        all.put("byte buffer", (xdr, n) -> xdr.xdrDecodeByteBuffer());
        all.put("ints", (xdr, n) -> xdr.xdrDecodeIntVector());
        all.put("longs", (xdr, n) -> xdr.xdrDecodeLongVector());
        all.put("floats", (xdr, n) -> xdr.xdrDecodeFloatVector());
        all.put("doubles", (xdr, n) -> xdr.xdrDecodeDoubleVector());
        all.put("shorts", (xdr, n) -> xdr.xdrDecodeShortVector());
        all.put("bytes", (xdr, n) -> xdr.xdrDecodeByteVector());
        all.put("fixed opaque", BoundedXdr::xdrDecodeOpaque);
        all.put("fixed ints", BoundedXdr::xdrDecodeIntFixedVector);
        all.put("fixed longs", BoundedXdr::xdrDecodeLongFixedVector);
        all.put("fixed floats", BoundedXdr::xdrDecodeFloatFixedVector);
        all.put("fixed doubles", BoundedXdr::xdrDecodeDoubleFixedVector);
        all.put("fixed shorts", BoundedXdr::xdrDecodeShortFixedVector);
        all.put("fixed bytes", BoundedXdr::xdrDecodeByteFixedVector);
        return all.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void nothingIsAllocatedForBytesThatAreNotThere(Map.Entry<String, Decoder> decoder) {
        isRefused(decoder.getValue(), -1); // loads classes
        for (int length : HOSTILE) {
            long before = allocatedBytes();
            boolean refused = isRefused(decoder.getValue(), length);
            assertThat(allocatedBytes() - before).isLessThan(ALLOCATED_BYTES_MAX);
            assertThat(refused).isTrue();
        }
    }

    private static boolean isRefused(Decoder decoder, int length) {
        try {
            decoder.decode(message(length), length);
            return false;
        } catch (BadXdrOncRpcException e) {
            return true;
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void whatIsThereIsDecoded(Map.Entry<String, Decoder> decoder) throws Exception {
        assertThat(decoder.getValue().decode(message(3), 3)).isNotNull();
    }

    /** A length, and seven words behind it. */
    private static BoundedXdr message(int length) {
        return new BoundedXdr(ByteBuffer.allocate(32).putInt(length).array());
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
