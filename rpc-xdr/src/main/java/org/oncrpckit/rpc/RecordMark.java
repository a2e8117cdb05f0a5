package org.oncrpckit.rpc;

import org.oncrpckit.xdr.XdrWriter;

/**
 * The four bytes before each fragment of a record on a stream (RFC 5531 section 11):
 *
 * <pre>
 *   31   30                                       0
 * +------+----------------------------------------+
 * | last | length of the fragment in bytes        |
 * +------+----------------------------------------+
 * </pre>
 *
 * @param last whether the fragment ends its record
 * @param length bytes of the fragment, 0 to 2^31-1
 */
public record RecordMark(boolean last, int length) {
    /** Bytes of a mark. */
    public static final int BYTES = 4;

    private static final int LAST_BIT = 1 << 31;

    /** Checks the length. */
    public RecordMark {
        if (length < 0) {
            throw new IllegalArgumentException("fragment length " + length + " (expected: >= 0)");
        }
    }

    /** The mark that a word from the stream stands for; every word is a mark. */
    public static RecordMark of(int word) {
        return new RecordMark((word & LAST_BIT) != 0, word & ~LAST_BIT);
    }

    /** The word for the stream. */
    public int word() {
        return last ? length | LAST_BIT : length;
    }

    /** Appends the mark. */
    public void write(XdrWriter writer) {
        writer.writeInt(word());
    }

    /**
     * Begins a record of a single fragment whose length is not known yet: leaves room for its mark.
     *
     * @return what to give to {@link #endRecord}
     */
    public static int beginRecord(XdrWriter writer) {
        int start = writer.position();
        writer.writeInt(0);
        return start;
    }

    /**
     * Ends the record begun at {@code start}: fills in its mark. A writer can hold any number of
     * records, one after the other.
     */
    public static void endRecord(XdrWriter writer, int start) {
        int length = writer.position() - start - BYTES;
        writer.setInt(start, new RecordMark(true, length).word());
    }
}
