package org.oncrpckit.lock;

/** Reading, writing, both or neither: what a share reservation does or what it denies to others. */
public enum Share {
    /** Neither. */
    NONE(0b00),
    /** Reading. */
    READ(0b01),
    /** Writing. */
    WRITE(0b10),
    /** Both. */
    READ_WRITE(0b11);

    private final int bits;

    Share(int bits) {
        this.bits = bits;
    }

    /** Whether the two have reading or writing in common. */
    boolean meets(Share other) {
        return (bits & other.bits) != 0;
    }

    /** The one with these bits. */
    static Share of(int bits) {
        for (Share share : values()) {
            if (share.bits == bits) {
                return share;
            }
        }
        throw new IllegalArgumentException("share bits " + bits + " (expected: 0 to 3)");
    }

    /** Bit 0 for reading, bit 1 for writing. */
    int bits() {
        return bits;
    }
}
