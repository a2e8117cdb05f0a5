package org.oncrpckit.nlm.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.oncrpckit.nlm.NlmCounts;
import org.oncrpckit.nlm.NlmLimits;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.NlmStatistics;
import org.oncrpckit.nlm.admin.DaemonStatus;
import org.oncrpckit.nlm.admin.DaemonStatus.Counter;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.rpc.server.RpcServerStatistics;
import org.oncrpckit.rpc.transport.Timers;

/** Gathers what the daemon says of itself when {@code nlmctl status} asks. Thread-safe. */
final class StatusReport {
    private final Timers timers;
    private final NlmService locks;
    private final NsmService monitor;
    private final NlmLimits limits;
    private final Supplier<RpcServerStatistics> server;
    private final Instant started;

    StatusReport(
            Timers timers,
            NlmService locks,
            NsmService monitor,
            NlmLimits limits,
            Supplier<RpcServerStatistics> server) {
        this.timers = timers;
        this.locks = locks;
        this.monitor = monitor;
        this.limits = limits;
        this.server = server;
        this.started = timers.now();
    }

    DaemonStatus status(DaemonStatus.Service service) {
        NlmCounts counts = locks.counts();
        return new DaemonStatus(
                Duration.between(started, timers.now()).toSeconds(),
                new DaemonStatus.Counts(
                        counts.locks(),
                        counts.waiters(),
                        counts.shares(),
                        counts.hosts(),
                        counts.unacknowledged(),
                        counts.unconfirmed()),
                new DaemonStatus.Recovery(
                        monitor.state(),
                        locks.grace().left().toSeconds(),
                        monitor.notifyProgress().pending(),
                        locks.reclaims()),
                service,
                counters());
    }

    /** By name, so that two outputs can be compared. */
    private List<Counter> counters() {
        Map<String, Long> all = new TreeMap<>();
        NlmStatistics done = locks.statistics();
        done.answers()
                .forEach(
                        (procedure, byStatus) ->
                                byStatus.forEach(
                                        (status, count) ->
                                                all.put(
                                                        "answers." + procedure + "." + status,
                                                        count)));
        all.put("callbacks.sent", done.callBacksSent());
        all.put("callbacks.repeated", done.callBacksRepeated());
        all.put("callbacks.failed", done.callBacksFailed());
        done.callBackAnswers()
                .forEach((status, count) -> all.put("callbacks.answered." + status, count));
        all.put("grants.unconfirmed", done.grantsUnconfirmed());
        all.put("hosts.restarted", done.hostsRestarted());
        all.put("hosts.monitoring-failed", done.monitoringFailed());
        all.put("reclaims.refused", done.reclaimsRefused());
        limits(all, done.limitsReached());
        RpcServerStatistics calls = server.get();
        all.put("rpc.calls", calls.callsReceived());
        calls.outcomes()
                .forEach(
                        (outcome, count) ->
                                all.put(
                                        "rpc.outcome."
                                                + outcome.name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-'),
                                        count));
        all.put("rpc.connections", (long) calls.connections());
        all.put("rpc.connections.refused", calls.connectionsRefused());
        all.put("rpc.connections.paused", calls.connectionPauses());
        all.put("rpc.connections.slow-closed", calls.slowReadersClosed());
        all.put("rpc.bytes-waiting", calls.bytesWaiting());
        all.put("rpc.reply-cache.entries", (long) calls.replyCacheEntries());
        all.put("rpc.reply-cache.bytes", calls.replyCacheBytes());
        all.put("rpc.reply-cache.evictions", calls.replyCacheEvictions());
        List<Counter> counters = new ArrayList<>();
        all.forEach((name, value) -> counters.add(new Counter(name, value)));
        return counters;
    }

    private void limits(Map<String, Long> all, Map<String, Long> reached) {
        limits.byName()
                .forEach(
                        (name, max) -> {
                            all.put("limit." + name + ".max", max);
                            all.put("limit." + name + ".reached", reached.getOrDefault(name, 0L));
                        });
    }
}
