package org.oncrpckit.rpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.xdr.XdrException;

/**
 * Turns the bytes of a stream, in whatever portions they arrive, into the records that RFC 5531
 * section 11 marks in it. One for each connection; not thread-safe.
 *
 * <pre>{@code
 * while (assembler.next(read, this::dispatch)) {}
 * }</pre>
 *
 * <p>A record that lies whole in one read is handed out where it is, uncopied. Any other is
 * gathered in memory that grows with the bytes that arrived, never with the bytes announced.
 */
public final class RecordAssembler {
    /** What the first bytes of a record that does not arrive whole are kept in, at least. */
    private static final int GATHERED_BYTES_MIN = 256;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final RecordLimits limits;

    /** Bytes of the current mark seen so far, most significant first. */
    private int markWord;

    private int markBytes;

    /** Whether a mark was read and its fragment is not complete. */
    private boolean insideFragment;

    private boolean lastFragment;
    private int fragmentBytesLeft;
    private int fragments;

    /** What earlier reads brought of the current record; null when nothing did. */
    private @Nullable ByteBuffer gathered;

    private boolean broken;

    /** An assembler with the default limits. */
    public RecordAssembler() {
        this(RecordLimits.DEFAULT);
    }

    /** An assembler that refuses what exceeds the limits. */
    public RecordAssembler(RecordLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /**
     * Takes bytes out of the buffer until a record is complete or the buffer is empty.
     *
     * @param input what the stream brought; its position moves behind the bytes taken
     * @param receiver is given the next record, which may be empty, from position to limit, both of
     *     which it may move. It may be {@code input} itself, so it is the receiver's until that
     *     returns.
     * @return whether there was a record; false when {@code input} is used up
     * @throws XdrException when the peer exceeds a limit. Where its next record begins is then
     *     unknown: close the connection.
     * @throws IllegalStateException when used again after that
     */
    public boolean next(ByteBuffer input, Consumer<? super ByteBuffer> receiver)
            throws XdrException {
        if (broken) {
            throw new IllegalStateException("the stream exceeded a limit before");
        }
        while (insideFragment || readMark(input)) {
            int available = Math.min(fragmentBytesLeft, input.remaining());
            boolean complete = available == fragmentBytesLeft;
            if (complete && lastFragment && gathered == null) {
                endRecord();
                lend(input, available, receiver);
                return true;
            }
            if (available > 0) {
                gather(input, available);
            }
            if (!complete) {
                return false;
            }
            insideFragment = false;
            if (lastFragment) {
                ByteBuffer record = gathered == null ? NOTHING : gathered.flip();
                endRecord();
                receiver.accept(record);
                return true;
            }
        }
        return false;
    }

    /** Gives away the next bytes of the input, and takes the input back behind them. */
    private static void lend(ByteBuffer input, int bytes, Consumer<? super ByteBuffer> receiver) {
        int limit = input.limit();
        int end = input.position() + bytes;
        ByteOrder order = input.order();
        try {
            receiver.accept(input.limit(end).order(ByteOrder.BIG_ENDIAN));
        } finally {
            input.limit(limit).position(end).order(order);
        }
    }

    /** Whether the stream stands within a record, so that its end now would cut one short. */
    public boolean isInsideRecord() {
        return insideFragment || markBytes > 0 || fragments > 0;
    }

    /** Bytes of memory held for a record that is not complete. */
    public int gatheredCapacityBytes() {
        return gathered == null ? 0 : gathered.capacity();
    }

    private void endRecord() {
        insideFragment = false;
        fragments = 0;
        gathered = null;
    }

    /** Reads on in a mark; true when it is complete and within the limits. */
    private boolean readMark(ByteBuffer input) throws XdrException {
        while (markBytes < RecordMark.BYTES) {
            if (!input.hasRemaining()) {
                return false;
            }
            markWord = markWord << 8 | (input.get() & 0xff);
            markBytes++;
        }
        markBytes = 0;
        lastFragment = markWord < 0;
        fragmentBytesLeft = markWord & Integer.MAX_VALUE;
        fragments++;
        insideFragment = true;
        check();
        return true;
    }

    private void check() throws XdrException {
        int earlier = gathered == null ? 0 : gathered.position();
        if (fragmentBytesLeft > limits.recordBytesMax() - earlier) {
            broken = true;
            throw new XdrException(
                    "fragment of %d bytes after %d bytes of its record (limit %d for a record)"
                            .formatted(fragmentBytesLeft, earlier, limits.recordBytesMax()));
        }
        if (fragments == limits.fragmentsMax() && !lastFragment) {
            broken = true;
            throw new XdrException(
                    "record of more than %d fragments (the limit)".formatted(fragments));
        }
    }

    private void gather(ByteBuffer input, int bytes) {
        ByteBuffer target = gathered;
        int used = target == null ? 0 : target.position();
        if (target == null || target.remaining() < bytes) {
            // At most the rest of the fragment is known to come; doubling keeps copying linear.
            long wanted = Math.max(GATHERED_BYTES_MIN, 2L * (used + bytes));
            int useful = lastFragment ? used + fragmentBytesLeft : limits.recordBytesMax();
            ByteBuffer grown = ByteBuffer.allocate((int) Math.min(wanted, useful));
            if (target != null) {
                grown.put(target.flip());
            }
            target = grown;
            gathered = grown;
        }
        int at = target.position();
        target.put(at, input, input.position(), bytes).position(at + bytes);
        input.position(input.position() + bytes);
        fragmentBytesLeft -= bytes;
    }
}
