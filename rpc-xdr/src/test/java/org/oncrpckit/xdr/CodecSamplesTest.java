package org.oncrpckit.xdr;

import static org.oncrpckit.xdr.XdrCodecs.array;
import static org.oncrpckit.xdr.XdrCodecs.enumeration;
import static org.oncrpckit.xdr.XdrCodecs.fixedArray;
import static org.oncrpckit.xdr.XdrCodecs.fixedOpaque;
import static org.oncrpckit.xdr.XdrCodecs.linkedList;
import static org.oncrpckit.xdr.XdrCodecs.opaque;
import static org.oncrpckit.xdr.XdrCodecs.optional;
import static org.oncrpckit.xdr.XdrCodecs.string;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.oncrpckit.testing.CodecContract;
import org.oncrpckit.testing.Sample;

/** Golden bytes of every codec and combinator, and the contract that all of them keep. */
class CodecSamplesTest extends CodecContract {
    /** An enum whose numbers are neither dense nor in order. */
    enum Colour implements XdrEnum {
        RED(2),
        GREEN(-1),
        BLUE(500);

        private final int number;

        Colour(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** A structure with one field of each kind of length. */
    record Lock(Opaque handle, int owner, long offset, Optional<String> name, List<Integer> ids) {}

    private static final XdrCodec<Lock> LOCK =
            XdrRecords.of(
                    opaque(64),
                    Lock::handle,
                    XdrCodecs.INT,
                    Lock::owner,
                    XdrCodecs.UNSIGNED_LONG,
                    Lock::offset,
                    optional(string(20)),
                    Lock::name,
                    array(XdrCodecs.INT, 4),
                    Lock::ids,
                    Lock::new);

    @Override
    protected Stream<Sample<?>> samples() {
        return Stream.of(numbers(), bytes(), collections(), structures()).flatMap(s -> s);
    }

    private static Stream<Sample<?>> numbers() {
        return Stream.of(
                Sample.of("int -2", XdrCodecs.INT, -2, "fffffffe"),
                Sample.of("int 0x01020304", XdrCodecs.INT, 0x01020304, "01020304"),
                Sample.of("unsigned 2^32-1", XdrCodecs.UNSIGNED_INT, 0xffff_ffffL, "ffffffff"),
                Sample.of("hyper -2", XdrCodecs.LONG, -2L, "ffffffff fffffffe"),
                Sample.of("unsigned hyper", XdrCodecs.UNSIGNED_LONG, -1L, "ffffffff ffffffff"),
                Sample.of("true", XdrCodecs.BOOLEAN, true, "00000001"),
                Sample.of("false", XdrCodecs.BOOLEAN, false, "00000000"),
                Sample.of("float -1.5", XdrCodecs.FLOAT, -1.5f, "bfc00000"),
                Sample.of("float infinity", XdrCodecs.FLOAT, 1f / 0, "7f800000"),
                Sample.of("double 0.1", XdrCodecs.DOUBLE, 0.1, "3fb99999 9999999a"),
                Sample.of("double -0", XdrCodecs.DOUBLE, -0.0, "80000000 00000000"),
                Sample.of("void", XdrCodecs.VOID, Nothing.NOTHING, ""),
                Sample.of("enum 2", enumeration(Colour.class), Colour.RED, "00000002"),
                Sample.of("enum -1", enumeration(Colour.class), Colour.GREEN, "ffffffff"),
                Sample.of("enum 500", enumeration(Colour.class), Colour.BLUE, "000001f4"));
    }

    private static Stream<Sample<?>> bytes() {
        return Stream.of(
                Sample.of("opaque<8> of 0", opaque(8), Opaque.EMPTY, "00000000"),
                Sample.of(
                        "opaque<8> of 1",
                        opaque(8),
                        Opaque.copyOf((byte) 0xff),
                        "00000001 ff000000"),
                Sample.of("opaque<8> of 3", opaque(8), Opaque.ofUtf8("abc"), "00000003 61626300"),
                Sample.of("opaque<8> of 4", opaque(8), Opaque.ofUtf8("abcd"), "00000004 61626364"),
                Sample.of(
                        "opaque<8> of 5",
                        opaque(8),
                        Opaque.ofUtf8("abcde"),
                        "00000005 61626364 65000000"),
                Sample.of(
                        "opaque<> of 2",
                        opaque(Integer.MAX_VALUE),
                        Opaque.ofUtf8("ab"),
                        "00000002 61620000"),
                Sample.of("opaque[0]", fixedOpaque(0), Opaque.EMPTY, ""),
                Sample.of("opaque[4]", fixedOpaque(4), Opaque.ofUtf8("abcd"), "61626364"),
                Sample.of(
                        "opaque[6]", fixedOpaque(6), Opaque.ofUtf8("abcdef"), "61626364 65660000"),
                Sample.of("string empty", string(9), "", "00000000"),
                Sample.of(
                        "string of RFC 4506 section 7",
                        string(255),
                        "sillyprog",
                        "00000009 73696c6c 7970726f 67000000"),
                Sample.of(
                        "string in UTF-8",
                        string(9),
                        "ä€😀",
                        "00000009 c3a4e282 acf09f98 80000000"),
                Sample.of("string<>", string(Integer.MAX_VALUE), "a", "00000001 61000000"));
    }

    private static Stream<Sample<?>> collections() {
        XdrCodec<List<Integer>> ints = array(XdrCodecs.INT, 3);
        XdrCodec<List<Opaque>> list = linkedList(opaque(4), 3);
        return Stream.of(
                Sample.of("array empty", ints, List.of(), "00000000"),
                Sample.of(
                        "array full",
                        ints,
                        List.of(7, 8, -1),
                        "00000003 00000007 00000008 ffffffff"),
                Sample.of(
                        "array<>",
                        array(XdrCodecs.LONG, Integer.MAX_VALUE),
                        List.of(1L),
                        "00000001 00000000 00000001"),
                Sample.of(
                        "array of arrays",
                        array(ints, 2),
                        List.of(List.of(1), List.of()),
                        "00000002 00000001 00000001 00000000"),
                Sample.of(
                        "fixed array",
                        fixedArray(opaque(4), 2),
                        List.of(Opaque.EMPTY, Opaque.ofUtf8("x")),
                        "00000000 00000001 78000000"),
                Sample.of("optional absent", optional(XdrCodecs.INT), Optional.empty(), "00000000"),
                Sample.of(
                        "optional present",
                        optional(XdrCodecs.INT),
                        Optional.of(9),
                        "00000001 00000009"),
                Sample.of("list empty", list, List.of(), "00000000"),
                Sample.of(
                        "list of two",
                        list,
                        List.of(Opaque.ofUtf8("a"), Opaque.EMPTY),
                        "00000001 00000001 61000000 00000001 00000000 00000000"),
                Sample.of(
                        "list<>",
                        linkedList(XdrCodecs.VOID, Integer.MAX_VALUE),
                        List.of(Nothing.NOTHING),
                        "00000001 00000000"));
    }

    private static Stream<Sample<?>> structures() {
        XdrCodec<Object> union =
                XdrUnion.<Colour, Object>on(
                                enumeration(Colour.class),
                                value -> value instanceof Lock ? Colour.RED : (Colour) value)
                        .arm(Colour.RED, Lock.class, LOCK)
                        .otherwise(colour -> colour)
                        .build();
        Lock lock = new Lock(Opaque.ofUtf8("fh"), -1, -1L, Optional.of("me"), List.of(5));
        String bytes =
                "00000002 66680000 ffffffff ffffffff ffffffff"
                        + "00000001 00000002 6d650000 00000001 00000005";
        return Stream.of(
                Sample.of("structure", LOCK, lock, bytes),
                Sample.of("union with content", union, lock, "00000002", bytes),
                Sample.of("union without content", union, Colour.BLUE, "000001f4"),
                Sample.of(
                        "mapped",
                        XdrCodecs.INT.map(String::valueOf, Integer::valueOf),
                        "-3",
                        "fffffffd"));
    }
}
