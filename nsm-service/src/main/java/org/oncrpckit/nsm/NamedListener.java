package org.oncrpckit.nsm;

import java.util.Objects;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.LoggerFactory;

/**
 * A service inside this process that wants to hear of restarts. Thread-safe.
 *
 * @param serviceName for the log
 * @param listener what is told
 */
record NamedListener(String serviceName, RebootListener listener) {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(LoggerFactory.getLogger(NamedListener.class));

    NamedListener {
        Objects.requireNonNull(serviceName, "serviceName");
        Objects.requireNonNull(listener, "listener");
    }

    /** Tells the service; what it throws is logged and keeps nobody else from hearing. */
    void tell(RebootNotice notice) {
        try {
            listener.hostRebooted(notice);
        } catch (RuntimeException e) {
            FAILURES.error("{} failed on the restart of {}", serviceName, notice, e);
        }
    }
}
