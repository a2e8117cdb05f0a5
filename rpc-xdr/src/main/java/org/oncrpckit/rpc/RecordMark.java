package org.oncrpckit.rpc;

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
}
