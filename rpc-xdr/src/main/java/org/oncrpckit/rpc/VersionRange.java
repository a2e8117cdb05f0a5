package org.oncrpckit.rpc;

/**
 * The versions that a peer supports, from a mismatch reply (RFC 5531 section 9). Nothing is assumed
 * about the order of the two bounds: peers are known to send them the wrong way round.
 *
 * @param low lowest supported version, as unsigned bits
 * @param high highest supported version, as unsigned bits
 */
public record VersionRange(int low, int high) {
    /** Whether the version lies within the range, both ends included. */
    public boolean contains(int version) {
        return Integer.compareUnsigned(low, version) <= 0
                && Integer.compareUnsigned(version, high) <= 0;
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(low) + " to " + Integer.toUnsignedString(high);
    }
}
