package org.oncrpckit.nsm;

/** Hears of monitored hosts that have restarted. */
@FunctionalInterface
public interface RebootListener {
    /**
     * A monitored host says that its state has changed: what it held before is gone. Called once
     * for a state number however often the host repeats it, on an I/O thread: it must not block.
     * What it throws is logged, nothing else.
     */
    void hostRebooted(RebootNotice notice);
}
