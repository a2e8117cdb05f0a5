package org.oncrpckit.rpc.transport;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs one kind of event at most once a minute above DEBUG, because a remote host may be able to
 * cause it as often as it likes. The others are logged at DEBUG, and counted in the next line. Make
 * one for each kind. Thread-safe.
 */
public final class RateLimitedLog {
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final LongSupplier nanoTime;

    /** When the next line may be written. */
    private final AtomicLong next;

    private final LongAdder leftOut = new LongAdder();

    /** By the clock of this process. */
    public RateLimitedLog(Logger log) {
        this(log, System::nanoTime);
    }

    /**
     * By another clock.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    public RateLimitedLog(Logger log, LongSupplier nanoTime) {
        this.log = Objects.requireNonNull(log, "log");
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** Logs at INFO; arguments as SLF4J takes them, a failure last. */
    public void info(String message, @Nullable Object... arguments) {
        log(Level.INFO, message, arguments);
    }

    /** Logs at WARN; arguments as SLF4J takes them, a failure last. */
    public void warn(String message, @Nullable Object... arguments) {
        log(Level.WARN, message, arguments);
    }

    /** Logs at ERROR; arguments as SLF4J takes them, a failure last. */
    public void error(String message, @Nullable Object... arguments) {
        log(Level.ERROR, message, arguments);
    }

    private void log(Level level, String message, @Nullable Object... arguments) {
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + PAUSE_NANOS)) {
            leftOut.increment();
            log.debug(message, arguments);
            return;
        }
        long before = leftOut.sumThenReset();
        String line = before == 0 ? message : message + " (and " + before + " times before)";
        // No switch: its class would be loaded now, which a process without descriptors cannot do.
        if (level == Level.ERROR) {
            log.error(line, arguments);
        } else if (level == Level.WARN) {
            log.warn(line, arguments);
        } else {
            log.info(line, arguments);
        }
    }
}
