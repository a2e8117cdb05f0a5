package org.oncrpckit.lock;

/** How a range lies to another one. The one classifier that all range logic goes through. */
public enum Overlap {
    /** No byte in common. */
    NONE,
    /** The same bytes. */
    EQUAL,
    /** It has all of the other's bytes, and more. */
    CONTAINS,
    /** The other has all of its bytes, and more. */
    CONTAINED,
    /** It starts before the other and ends inside it, before the other's end. */
    STARTS_BEFORE,
    /** It starts inside the other, after the other's start, and ends after it. */
    ENDS_AFTER;

    /**
     * Classifies [first, last] against [otherFirst, otherLast]; all unsigned, both ranges in order.
     */
    static Overlap of(long first, long last, long otherFirst, long otherLast) {
        if (Long.compareUnsigned(last, otherFirst) < 0
                || Long.compareUnsigned(otherLast, first) < 0) {
            return NONE;
        }
        int starts = Long.compareUnsigned(first, otherFirst);
        int ends = Long.compareUnsigned(last, otherLast);
        if (starts == 0 && ends == 0) {
            return EQUAL;
        }
        if (starts <= 0 && ends >= 0) {
            return CONTAINS;
        }
        if (starts >= 0 && ends <= 0) {
            return CONTAINED;
        }
        return starts < 0 ? STARTS_BEFORE : ENDS_AFTER;
    }
}
