package org.oncrpckit.xdr;

import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Codecs of structures (RFC 4506 section 4.14): fields in the order in which they travel, each with
 * its codec and how to get it out of the value, then the constructor.
 *
 * <pre>{@code
 * XdrCodec<Point> point = XdrRecords.of(INT, Point::x, INT, Point::y, Point::new);
 * }</pre>
 *
 * <p>An {@link IllegalArgumentException} from the constructor means that the bytes are invalid, and
 * becomes an {@link XdrException}. A structure of more than eight fields nests one in another.
 */
public final class XdrRecords {
    private XdrRecords() {}

    /** A structure of one field. */
    public static <A, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            Function<? super A, ? extends T> constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(codecA.decode(reader));
            }
        };
    }

    /** A structure of two fields. */
    public static <A, B, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            XdrCodec<B> codecB,
            Function<? super T, ? extends B> getB,
            BiFunction<? super A, ? super B, ? extends T> constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
                codecB.encode(writer, getB.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(codecA.decode(reader), codecB.decode(reader));
            }
        };
    }

    /** A structure of three fields. */
    public static <A, B, C, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            XdrCodec<B> codecB,
            Function<? super T, ? extends B> getB,
            XdrCodec<C> codecC,
            Function<? super T, ? extends C> getC,
            Constructor3<? super A, ? super B, ? super C, ? extends T> constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
                codecB.encode(writer, getB.apply(value));
                codecC.encode(writer, getC.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(
                        codecA.decode(reader), codecB.decode(reader), codecC.decode(reader));
            }
        };
    }

    /** A structure of four fields. */
    public static <A, B, C, D, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            XdrCodec<B> codecB,
            Function<? super T, ? extends B> getB,
            XdrCodec<C> codecC,
            Function<? super T, ? extends C> getC,
            XdrCodec<D> codecD,
            Function<? super T, ? extends D> getD,
            Constructor4<? super A, ? super B, ? super C, ? super D, ? extends T> constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
                codecB.encode(writer, getB.apply(value));
                codecC.encode(writer, getC.apply(value));
                codecD.encode(writer, getD.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(
                        codecA.decode(reader),
                        codecB.decode(reader),
                        codecC.decode(reader),
                        codecD.decode(reader));
            }
        };
    }

    /** A structure of five fields. */
    public static <A, B, C, D, E, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            XdrCodec<B> codecB,
            Function<? super T, ? extends B> getB,
            XdrCodec<C> codecC,
            Function<? super T, ? extends C> getC,
            XdrCodec<D> codecD,
            Function<? super T, ? extends D> getD,
            XdrCodec<E> codecE,
            Function<? super T, ? extends E> getE,
            Constructor5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends T>
                    constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
                codecB.encode(writer, getB.apply(value));
                codecC.encode(writer, getC.apply(value));
                codecD.encode(writer, getD.apply(value));
                codecE.encode(writer, getE.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(
                        codecA.decode(reader),
                        codecB.decode(reader),
                        codecC.decode(reader),
                        codecD.decode(reader),
                        codecE.decode(reader));
            }
        };
    }

    /** A structure of six fields. */
    public static <A, B, C, D, E, F, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            XdrCodec<B> codecB,
            Function<? super T, ? extends B> getB,
            XdrCodec<C> codecC,
            Function<? super T, ? extends C> getC,
            XdrCodec<D> codecD,
            Function<? super T, ? extends D> getD,
            XdrCodec<E> codecE,
            Function<? super T, ? extends E> getE,
            XdrCodec<F> codecF,
            Function<? super T, ? extends F> getF,
            Constructor6<
                            ? super A,
                            ? super B,
                            ? super C,
                            ? super D,
                            ? super E,
                            ? super F,
                            ? extends T>
                    constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
                codecB.encode(writer, getB.apply(value));
                codecC.encode(writer, getC.apply(value));
                codecD.encode(writer, getD.apply(value));
                codecE.encode(writer, getE.apply(value));
                codecF.encode(writer, getF.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(
                        codecA.decode(reader),
                        codecB.decode(reader),
                        codecC.decode(reader),
                        codecD.decode(reader),
                        codecE.decode(reader),
                        codecF.decode(reader));
            }
        };
    }

    /** A structure of seven fields. */
    public static <A, B, C, D, E, F, G, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            XdrCodec<B> codecB,
            Function<? super T, ? extends B> getB,
            XdrCodec<C> codecC,
            Function<? super T, ? extends C> getC,
            XdrCodec<D> codecD,
            Function<? super T, ? extends D> getD,
            XdrCodec<E> codecE,
            Function<? super T, ? extends E> getE,
            XdrCodec<F> codecF,
            Function<? super T, ? extends F> getF,
            XdrCodec<G> codecG,
            Function<? super T, ? extends G> getG,
            Constructor7<
                            ? super A,
                            ? super B,
                            ? super C,
                            ? super D,
                            ? super E,
                            ? super F,
                            ? super G,
                            ? extends T>
                    constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
                codecB.encode(writer, getB.apply(value));
                codecC.encode(writer, getC.apply(value));
                codecD.encode(writer, getD.apply(value));
                codecE.encode(writer, getE.apply(value));
                codecF.encode(writer, getF.apply(value));
                codecG.encode(writer, getG.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(
                        codecA.decode(reader),
                        codecB.decode(reader),
                        codecC.decode(reader),
                        codecD.decode(reader),
                        codecE.decode(reader),
                        codecF.decode(reader),
                        codecG.decode(reader));
            }
        };
    }

    /** A structure of eight fields. */
    public static <A, B, C, D, E, F, G, H, T> XdrCodec<T> of(
            XdrCodec<A> codecA,
            Function<? super T, ? extends A> getA,
            XdrCodec<B> codecB,
            Function<? super T, ? extends B> getB,
            XdrCodec<C> codecC,
            Function<? super T, ? extends C> getC,
            XdrCodec<D> codecD,
            Function<? super T, ? extends D> getD,
            XdrCodec<E> codecE,
            Function<? super T, ? extends E> getE,
            XdrCodec<F> codecF,
            Function<? super T, ? extends F> getF,
            XdrCodec<G> codecG,
            Function<? super T, ? extends G> getG,
            XdrCodec<H> codecH,
            Function<? super T, ? extends H> getH,
            Constructor8<
                            ? super A,
                            ? super B,
                            ? super C,
                            ? super D,
                            ? super E,
                            ? super F,
                            ? super G,
                            ? super H,
                            ? extends T>
                    constructor) {
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, T value) {
                codecA.encode(writer, getA.apply(value));
                codecB.encode(writer, getB.apply(value));
                codecC.encode(writer, getC.apply(value));
                codecD.encode(writer, getD.apply(value));
                codecE.encode(writer, getE.apply(value));
                codecF.encode(writer, getF.apply(value));
                codecG.encode(writer, getG.apply(value));
                codecH.encode(writer, getH.apply(value));
            }

            @Override
            T decodeFields(XdrReader reader) throws XdrException {
                return constructor.apply(
                        codecA.decode(reader),
                        codecB.decode(reader),
                        codecC.decode(reader),
                        codecD.decode(reader),
                        codecE.decode(reader),
                        codecF.decode(reader),
                        codecG.decode(reader),
                        codecH.decode(reader));
            }
        };
    }

    /** Makes a value of three fields. */
    @FunctionalInterface
    public interface Constructor3<A, B, C, T> {
        /** The value of these fields. */
        T apply(A a, B b, C c);
    }

    /** Makes a value of four fields. */
    @FunctionalInterface
    public interface Constructor4<A, B, C, D, T> {
        /** The value of these fields. */
        T apply(A a, B b, C c, D d);
    }

    /** Makes a value of five fields. */
    @FunctionalInterface
    public interface Constructor5<A, B, C, D, E, T> {
        /** The value of these fields. */
        T apply(A a, B b, C c, D d, E e);
    }

    /** Makes a value of six fields. */
    @FunctionalInterface
    public interface Constructor6<A, B, C, D, E, F, T> {
        /** The value of these fields. */
        T apply(A a, B b, C c, D d, E e, F f);
    }

    /** Makes a value of seven fields. */
    @FunctionalInterface
    public interface Constructor7<A, B, C, D, E, F, G, T> {
        /** The value of these fields. */
        T apply(A a, B b, C c, D d, E e, F f, G g);
    }

    /** Makes a value of eight fields. */
    @FunctionalInterface
    public interface Constructor8<A, B, C, D, E, F, G, H, T> {
        /** The value of these fields. */
        T apply(A a, B b, C c, D d, E e, F f, G g, H h);
    }
}
