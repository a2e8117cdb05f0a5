package org.oncrpckit.nsm;

/** The arithmetic of state numbers: odd is up, even is down, each start takes the next odd one. */
final class StateNumber {
    /** What a host starts with. */
    static final int FIRST = 1;

    private StateNumber() {}

    /** The number of the start that follows one with this number; positive and odd. */
    static int after(int last) {
        if (last < 0) {
            return FIRST;
        }
        int next = (last | 1) == last ? last + 2 : last + 1;
        return next > 0 ? next : FIRST;
    }
}
