package org.oncrpckit.rpc;

/**
 * The versions that a peer supports, from a mismatch reply (RFC 5531 section 9). Nothing is assumed
 * about the order of the two bounds: peers are known to send them the wrong way round.
 *
 * @param low lowest supported version, as unsigned bits
 * @param high highest supported version, as unsigned bits
 */
public record VersionRange(int low, int high) {
    /** Whether the version lies between the two bounds, both included, whichever is the lower. */
    public boolean contains(int version) {
        return inOrder(low, version, high) || inOrder(high, version, low);
    }

    private static boolean inOrder(int first, int middle, int last) {
        return Integer.compareUnsigned(first, middle) <= 0
                && Integer.compareUnsigned(middle, last) <= 0;
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(low) + " to " + Integer.toUnsignedString(high);
    }
}
