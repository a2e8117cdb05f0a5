package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;
import static org.oncrpckit.testing.Hex.words;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dcache.oncrpc4j.portmap.mapping;
import org.dcache.oncrpc4j.portmap.pmaplist;
import org.dcache.oncrpc4j.portmap.rpcb;
import org.dcache.oncrpc4j.portmap.rpcb_list;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.xdr.Xdr;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrBoolean;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.dcache.oncrpc4j.xdr.XdrInt;
import org.dcache.oncrpc4j.xdr.XdrLong;
import org.dcache.oncrpc4j.xdr.XdrOpaque;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.dcache.oncrpc4j.xdr.XdrVoid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oncrpckit.testing.Seed;

/** Types that were written for oncrpc4j, over our streams. */
class XdrAbleCodecTest {
    /** A foreign type, a value of it, and how to get an empty one. */
    private record Foreign(XdrAble value, Supplier<? extends XdrAble> constructor) {
        @Override
        public String toString() {
            return value.getClass().getSimpleName();
        }
    }

    static Stream<Foreign> foreignTypes() {
        return Stream.of(
                new Foreign(new XdrInt(-7), XdrInt::new),
                new Foreign(new XdrLong(1L << 40), XdrLong::new),
                new Foreign(new XdrBoolean(true), XdrBoolean::new),
                new Foreign(new XdrString("näme"), XdrString::new),
                new Foreign(new XdrOpaque(hex("0102030405")), () -> new XdrOpaque(new byte[0])),
                new Foreign(XdrVoid.XDR_VOID, () -> XdrVoid.XDR_VOID),
                new Foreign(new mapping(100021, 4, 17, 4045), mapping::new),
                new Foreign(new rpcb(100021, 4, "udp6", "::.15.205", "superuser"), rpcb::new),
                new Foreign(portmapList(3), pmaplist::new),
                new Foreign(rpcbindList(3), rpcb_list::new),
                new Foreign(
                        new RpcAuthTypeUnix(1, 2, new int[] {3, 4}, 5, "host"),
                        RpcAuthTypeUnix::new));
    }

    @ParameterizedTest
    @MethodSource("foreignTypes")
    void encodesToTheBytesOfItsOwnStream(Foreign foreign) throws IOException {
        assertThat(words(encode(foreign.value()))).isEqualTo(words(theirBytes(foreign.value())));
    }

    @ParameterizedTest
    @MethodSource("foreignTypes")
    void decodesWhatItsOwnStreamWrote(Foreign foreign) throws IOException {
        // RpcAuthTypeUnix writes flavour and length before what it reads.
        int skipped = foreign.value() instanceof RpcAuthTypeUnix ? 4 : 0;
        byte[] bytes = theirBytes(foreign.value());
        XdrReader reader = XdrReader.of(ByteBuffer.wrap(bytes, skipped, bytes.length - skipped));
        XdrAble decoded = XdrCodecs.ofXdrAble(foreign.constructor()).decode(reader);
        assertThat(words(encode(decoded))).isEqualTo(words(bytes));
    }

    @ParameterizedTest
    @MethodSource("foreignTypes")
    void prefixesAndRandomBytesGiveNothingButOurException(Foreign foreign) throws IOException {
        Random random = Seed.random(foreign.toString());
        XdrCodec<?> codec = XdrCodecs.ofXdrAble(foreign.constructor());
        byte[] whole = theirBytes(foreign.value());
        for (int length = 0; length < whole.length; length++) {
            decodeOrRefuse(codec, Arrays.copyOf(whole, length));
        }
        for (int i = 0; i < 2_000; i++) {
            decodeOrRefuse(codec, Seed.plausibleBytes(random, 120));
        }
    }

    @Test
    void ourExceptionComesOutAsItWas() {
        XdrCodec<XdrString> codec = XdrCodecs.ofXdrAble(XdrString::new);
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> codec.decode(reader("00000100 61000000")))
                .withMessage("256 elements of 1 bytes before offset 4 (4 bytes left)");
    }

    @Test
    void decoderThatCallsItselfForEachElementCannotOverflowTheStack() {
        byte[] list = new byte[20 * 200_000];
        ByteBuffer buffer = ByteBuffer.wrap(list);
        while (buffer.hasRemaining()) {
            buffer.putInt(1).putInt(100000).putInt(2).putInt(6).putInt(111);
        }
        XdrCodec<pmaplist> codec = XdrCodecs.ofXdrAble(pmaplist::new);
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> codec.decode(XdrReader.of(buffer.flip())))
                .withMessageStartingWith("pmaplist before offset")
                .withMessageEndingWith("StackOverflowError");
    }

    /** Foreign code that fails in ways of its own. */
    private static final class Failing implements XdrAble {
        private final Exception failure;

        Failing(Exception failure) {
            this.failure = failure;
        }

        @Override
        public void xdrDecode(XdrDecodingStream stream) throws IOException {
            fail();
        }

        @Override
        public void xdrEncode(XdrEncodingStream stream) throws IOException {
            fail();
        }

        private void fail() throws IOException {
            if (failure instanceof IOException e) {
                throw e;
            }
            throw (RuntimeException) failure;
        }
    }

    @Test
    void whateverForeignDecodersThrowIsBadData() {
        for (Exception failure :
                new Exception[] {
                    new IOException("odd"),
                    new NegativeArraySizeException("-1"),
                    new XdrException("x")
                }) {
            XdrCodec<Failing> codec = XdrCodecs.ofXdrAble(() -> new Failing(failure));
            assertThatExceptionOfType(XdrException.class)
                    .isThrownBy(() -> codec.decode(reader("")))
                    .withMessage("Failing before offset 0: " + failure)
                    .withCause(failure);
        }
    }

    @Test
    void foreignEncoderThatFailsHasAValueThatCannotTravel() {
        IOException failure = new IOException("odd");
        XdrCodec<Failing> codec = XdrCodecs.ofXdrAble(() -> new Failing(failure));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(new XdrWriter(), new Failing(failure)))
                .withMessage("cannot encode " + Failing.class.getName())
                .withCause(failure);
    }

    private static pmaplist portmapList(int length) {
        pmaplist list = new pmaplist();
        for (int i = 0; i < length; i++) {
            pmaplist next = list;
            list = new pmaplist();
            list.setEntry(new mapping(100000 + i, 2, 6, 111));
            list.setNext(next);
        }
        return list;
    }

    private static rpcb_list rpcbindList(int length) {
        rpcb_list list = new rpcb_list();
        for (int i = 0; i < length; i++) {
            rpcb_list next = list;
            list = new rpcb_list();
            list.setEntry(new rpcb(100000 + i, 4, "tcp", "127.0.0.1.0.111", "me"));
            list.setNext(next);
        }
        return list;
    }

    @SuppressWarnings("unchecked")
    private static <T extends XdrAble> byte[] encode(T value) {
        XdrCodec<T> codec = XdrCodecs.ofXdrAble(() -> value);
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, value);
        return writer.toByteArray();
    }

    private static byte[] theirBytes(XdrAble value) throws IOException {
        try (Xdr xdr = new Xdr(1024)) {
            xdr.beginEncoding();
            value.xdrEncode(xdr);
            xdr.endEncoding();
            return xdr.getBytes();
        }
    }

    private static void decodeOrRefuse(XdrCodec<?> codec, byte[] bytes) {
        try {
            assertThat(codec.decode(XdrReader.of(ByteBuffer.wrap(bytes)))).isNotNull();
        } catch (XdrException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static XdrReader reader(String hex) {
        return XdrReader.of(ByteBuffer.wrap(hex(hex)));
    }
}
