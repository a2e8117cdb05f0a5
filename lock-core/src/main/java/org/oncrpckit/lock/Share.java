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
}
