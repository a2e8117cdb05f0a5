package org.oncrpckit.rpc.socket;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warns of one kind of trouble at most once a minute, because a remote host may be able to cause it
 * as often as it likes. The rest is logged at DEBUG and counted. Thread-safe.
 */
final class RateLimitedLog {
    private static final long PAUSE_NANOS = 60_000_000_000L;

    private final Logger log;
    private final LongSupplier nanoTime;
    private final AtomicLong next;
    private final LongAdder leftOut = new LongAdder();

    RateLimitedLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    void warn(String message, Throwable cause) {
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS)) {
            log.warn("{} ({} more were not logged before)", message, leftOut.sumThenReset(), cause);
        } else {
            leftOut.increment();
            log.debug(message, cause);
        }
    }
}
