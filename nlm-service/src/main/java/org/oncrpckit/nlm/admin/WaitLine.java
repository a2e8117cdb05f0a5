package org.oncrpckit.nlm.admin;

/**
 * One reason why a request waits.
 *
 * @param waiter the request
 * @param blocker who is in its way
 * @param first first byte that the blocker has or asks for, unsigned
 * @param last last byte, unsigned; all ones is the end of the file
 * @param exclusive whether the blocker has or asks for it exclusively
 * @param held whether the blocker holds it; else it is ahead in the queue
 */
public record WaitLine(
        LockLine waiter,
        OwnerLine blocker,
        long first,
        long last,
        boolean exclusive,
        boolean held) {
    /** What the blocker has or asks for, as in "0-99". */
    public String range() {
        return RangeText.of(first, last);
    }

    /** "EXCLUSIVE" or "SHARED". */
    public String mode() {
        return LockLine.mode(exclusive);
    }
}
