package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.oncrpckit.lock.LockCounts;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens, says so at DEBUG, and passes it on to a listener that may do no harm. */
final class Events implements NlmListener {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final RateLimitedLog LISTENER_FAILURES = new RateLimitedLog(LOG);

    /** Statuses are numbered from 0. */
    private static final int STATUSES = NlmStatus.values().length;

    private final NlmListener listener;
    private final ConcurrentMap<String, LongAdder[]> answers = new ConcurrentHashMap<>();
    private final LongAdder[] callBackAnswers = adders();
    private final ConcurrentMap<String, LongAdder> limits = new ConcurrentHashMap<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unconfirmed = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private final LongAdder notMonitored = new LongAdder();
    private final LongAdder reclaimsRefused = new LongAdder();

    Events(NlmListener listener) {
        this.listener = listener;
    }

    NlmStatistics statistics() {
        Map<String, Map<NlmStatus, Long>> byProcedure = new HashMap<>();
        answers.forEach((name, counts) -> byProcedure.put(name, byStatus(counts)));
        Map<String, Long> byLimit = new HashMap<>();
        limits.forEach((name, count) -> byLimit.put(name, count.sum()));
        return new NlmStatistics(
                byProcedure,
                sent.sum(),
                repeated.sum(),
                failed.sum(),
                byStatus(callBackAnswers),
                unconfirmed.sum(),
                restarts.sum(),
                notMonitored.sum(),
                reclaimsRefused.sum(),
                byLimit);
    }

    @Override
    public void answered(InetAddress client, String procedure, NlmStatus status) {
        LongAdder[] counts = answers.get(procedure);
        if (counts == null) {
            counts = answers.computeIfAbsent(procedure, name -> adders());
        }
        counts[status.number()].increment();
        if (listener != NONE) { // Or each answer would cost the memory of an event for nobody.
            tell(() -> listener.answered(client, procedure, status));
        }
    }

    @Override
    public void hostAppeared(InetAddress client) {
        LOG.debug("{} appeared", client);
        tell(() -> listener.hostAppeared(client));
    }

    @Override
    public void hostForgotten(InetAddress client) {
        LOG.debug("{} has had nothing for a while and is forgotten", client);
        tell(() -> listener.hostForgotten(client));
    }

    @Override
    public void hostRestarted(InetAddress client, int state, LockCounts released) {
        restarts.increment();
        LOG.debug("{} restarted, state {}; released {}", client, state, released);
        tell(() -> listener.hostRestarted(client, state, released));
    }

    @Override
    public void monitoringFailed(InetAddress client, Throwable cause) {
        notMonitored.increment();
        LOG.debug("{} cannot be monitored: {}", client, cause.toString());
        tell(() -> listener.monitoringFailed(client, cause));
    }

    @Override
    public void reclaimRefused(InetAddress client) {
        reclaimsRefused.increment();
        LOG.debug("{} reclaimed what it did not hold", client);
        tell(() -> listener.reclaimRefused(client));
    }

    @Override
    public void callBackSent(InetAddress client, int copy) {
        sent.increment();
        if (copy > 1) {
            repeated.increment();
        }
        tell(() -> listener.callBackSent(client, copy));
    }

    @Override
    public void callBackFailed(InetAddress client, String cause) {
        failed.increment();
        LOG.debug("{} cannot be called back: {}", client, cause);
        tell(() -> listener.callBackFailed(client, cause));
    }

    @Override
    public void callBackAnswered(InetAddress client, NlmStatus status) {
        callBackAnswers[status.number()].increment();
        tell(() -> listener.callBackAnswered(client, status));
    }

    @Override
    public void grantUnconfirmed(InetAddress client) {
        unconfirmed.increment();
        LOG.debug("{} has a lock and may not believe it", client);
        tell(() -> listener.grantUnconfirmed(client));
    }

    @Override
    public void limitReached(InetAddress client, String limit, long max) {
        limits.computeIfAbsent(limit, name -> new LongAdder()).increment();
        LOG.debug("{} refused: {} is {}", client, limit, max);
        tell(() -> listener.limitReached(client, limit, max));
    }

    @Override
    public void graceBegan(Duration length, int hosts) {
        LOG.info("grace period of {} s for {} hosts", length.toSeconds(), hosts);
        tell(() -> listener.graceBegan(length, hosts));
    }

    @Override
    public void graceEnded(GraceEnd reason) {
        LOG.info("grace period is over: {}", reason);
        tell(() -> listener.graceEnded(reason));
    }

    private void tell(Runnable event) {
        if (listener == NONE) {
            return;
        }
        try {
            event.run();
        } catch (RuntimeException e) {
            LISTENER_FAILURES.warn("listener failed", e);
        }
    }

    private static LongAdder[] adders() {
        LongAdder[] all = new LongAdder[STATUSES];
        for (int i = 0; i < STATUSES; i++) {
            all[i] = new LongAdder();
        }
        return all;
    }

    private static Map<NlmStatus, Long> byStatus(LongAdder[] counts) {
        Map<NlmStatus, Long> map = new EnumMap<>(NlmStatus.class);
        for (NlmStatus each : NlmStatus.values()) {
            long count = counts[each.number()].sum();
            if (count > 0) {
                map.put(each, count);
            }
        }
        return map;
    }
}
