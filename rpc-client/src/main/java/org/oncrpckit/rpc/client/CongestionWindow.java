package org.oncrpckit.rpc.client;

/**
 * How many calls one remote address may have in flight: about one more for each full window that
 * was answered, half as many when a call had to be repeated. Not thread-safe.
 *
 * <p>It grows only while it is in use, and a burst of losses halves it once: a call that was last
 * sent before the latest cut belongs to the same burst.
 */
final class CongestionWindow {
    /** Window at first, unless the maximum is smaller. */
    static final int START = 16;

    private static final int ONE = 256;

    /** Both in {@link #ONE}ths of a call. */
    private final long max;

    private long size;
    private boolean cut;
    private long cutNanos;

    CongestionWindow(int max) {
        this.max = (long) max * ONE;
        this.size = (long) Math.min(START, max) * ONE;
    }

    /** Calls that may be in flight, at least one. */
    int size() {
        return (int) (size / ONE);
    }

    /**
     * A call was answered.
     *
     * @param inFlight calls in flight, this one included
     * @return whether {@link #size} changed
     */
    boolean answered(int inFlight) {
        int before = size();
        if (inFlight >= before) {
            size = Math.min(max, size + (ONE * ONE + size / 2) / size);
        }
        return size() != before;
    }

    /**
     * A call was not answered in time.
     *
     * @param lastSentNanos when it was last sent
     * @return whether {@link #size} changed
     */
    boolean lost(long lastSentNanos, long nowNanos) {
        if (cut && lastSentNanos - cutNanos < 0) {
            return false;
        }
        int before = size();
        cut = true;
        cutNanos = nowNanos;
        size = Math.max(ONE, size / 2);
        return size() != before;
    }
}
