package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/**
 * What one service on this host uses the status monitor for. Services do not see each other: a host
 * stays monitored while any of them wants it. Thread-safe; nothing here blocks.
 */
public interface HostMonitor {
    /**
     * Remembers a host, so that it is notified after a restart of this host, and its own restarts
     * are reported. The stage completes when the host is on stable storage; at once, and without
     * disk work, when it was there already.
     *
     * <p>Completes on the store thread, or before this method returns: what depends on it must not
     * block. It fails with a {@link MonitorException} (wrapped in a {@link
     * java.util.concurrent.CompletionException} where that is how stages fail) when the host could
     * not be remembered (disk full, folder read-only, too many hosts): then nothing has changed,
     * and no promise may be made to that host.
     */
    CompletionStage<Void> monitor(MonitoredHost host);

    /**
     * Ends this service's interest in a host, for every local address. The stage completes when the
     * storage has forgotten it, unless another service still wants it. After a failure the host may
     * be notified needlessly after the next restart, which is harmless.
     */
    CompletionStage<Void> unmonitor(InetAddress address);

    /** State number of this host since it started: odd, never used before. */
    int state();

    /** Ends this service's interest in every host, and its notices. Idempotent. */
    CompletionStage<Void> close();
}
