package org.oncrpckit.lock;

/** How a range is locked. */
public enum LockMode {
    /** Compatible with other shared locks. */
    SHARED,
    /** Compatible with no lock of another owner. */
    EXCLUSIVE;

    /** Whether locks of two different owners in these modes exclude each other. */
    public boolean conflictsWith(LockMode other) {
        return this == EXCLUSIVE || other == EXCLUSIVE;
    }
}
